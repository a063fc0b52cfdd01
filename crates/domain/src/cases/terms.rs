//! What a case needs to know of the item version 事项版本 it was submitted under; copied into its first event.
//!
//! A later version of the item never changes a case that is under way (行政许可法 第八条: reliance on what was promised).

use crate::catalogue::Regime;
use crate::kernel::{ItemId, ItemVersionId, OrgId, time::Days};
use serde::{Deserialize, Serialize};

/// What a step 环节 is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// 初审: the lower organ's review before reporting up (行政许可法 第四十三条).
    FirstReview,
    /// 审核.
    Review,
    /// 审批: in the last stage this step is the decision itself.
    Approve,
}

/// One step of an item version. Steps with the same stage number run in parallel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTerms {
    /// Stage number; a stage opens when all steps of the stages before it have passed.
    pub stage: u16,
    /// The name shown, e.g. 部门审核.
    pub name: String,
    /// The organisation whose staff do it.
    pub org: OrgId,
    /// What it is for.
    pub kind: StepKind,
    /// The step's own limit, counted from the day it opened.
    #[serde(default)]
    pub limit: Option<Days>,
}

/// One material 申请材料 of the item version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaterialTerms {
    /// Code inside the guide; the same code in two items means the same material.
    pub code: String,
    /// The name shown.
    pub name: String,
    /// 必要: the case is not complete without it.
    pub required: bool,
    /// 可容缺: may be handed in after acceptance.
    #[serde(default)]
    pub deferrable: bool,
    /// 数据共享: the organ looks it up itself and must not ask the applicant for it (国务院令第716号 第七条).
    #[serde(default)]
    pub shared: bool,
}

/// A local ground for stopping the clock beside those of 行政许可法 第四十五条; worthless without a legal basis of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalStopGround {
    /// Code inside the item version.
    pub code: String,
    /// The name shown, e.g. 公示.
    pub name: String,
    /// The regulation that allows it.
    pub basis: String,
}

/// How long the file of the case is kept 保管期限.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "keep", rename_all = "snake_case")]
pub enum Retention {
    /// That many years after archiving.
    Years {
        /// Whole years.
        years: u16,
    },
    /// 永久.
    Permanent,
}

/// The terms a case was submitted under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The item.
    pub item: ItemId,
    /// Its version.
    pub version: ItemVersionId,
    /// The version's number, counted from 1.
    pub version_no: u32,
    /// The implementing code 实施编码.
    pub item_code: String,
    /// The item's name at that version.
    pub item_name: String,
    /// How the case is carried out.
    pub regime: Regime,
    /// 法定办结时限, from the day of acceptance.
    #[serde(default)]
    pub statutory: Option<Days>,
    /// 承诺办结时限, from the day of acceptance.
    #[serde(default)]
    pub promised: Option<Days>,
    /// 初审上报时限, from the day of acceptance; 20 working days at most (行政许可法 第四十三条).
    #[serde(default)]
    pub report_up: Option<Days>,
    /// How long one extension 延长 may add (licences: 10 working days, 行政许可法 第四十二条); `None` when there is none.
    #[serde(default)]
    pub extension: Option<Days>,
    /// The steps in order.
    #[serde(default)]
    pub steps: Vec<StepTerms>,
    /// The materials in order.
    #[serde(default)]
    pub materials: Vec<MaterialTerms>,
    /// The decider must not have passed any step of the case either.
    #[serde(default)]
    pub separate_decider: bool,
    /// An authorised clerk may accept and decide an 即办 case alone.
    #[serde(default)]
    pub immediate_authorised: bool,
    /// 容缺受理 is offered.
    #[serde(default)]
    pub deferral_allowed: bool,
    /// 告知承诺 is offered.
    #[serde(default)]
    pub commitment_allowed: bool,
    /// Grounds for stopping the clock beyond article 45.
    #[serde(default)]
    pub local_stops: Vec<LocalStopGround>,
    /// How long the file is kept.
    pub retention: Retention,
    /// What no department has confirmed yet; whoever sees the case sees that too.
    #[serde(default)]
    pub unconfirmed: Vec<Unconfirmed>,
}

/// A part of the terms that is an example until a department confirms it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unconfirmed {
    /// 办件类型.
    Regime,
    /// 法定办结时限.
    Statutory,
    /// 承诺办结时限.
    Promised,
    /// 环节.
    Steps,
    /// 申请材料.
    Materials,
    /// 可以容缺的材料.
    Deferral,
    /// 可以告知承诺.
    Commitment,
    /// 保管期限.
    Retention,
    /// 实施编码.
    Code,
}

impl Unconfirmed {
    /// The word shown.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Regime => "办件类型",
            Self::Statutory => "法定办结时限",
            Self::Promised => "承诺办结时限",
            Self::Steps => "办理环节",
            Self::Materials => "申请材料",
            Self::Deferral => "容缺材料",
            Self::Commitment => "告知承诺",
            Self::Retention => "保管期限",
            Self::Code => "实施编码",
        }
    }
}

impl Terms {
    /// The material with that code.
    #[must_use]
    pub fn material(&self, code: &str) -> Option<&MaterialTerms> {
        self.materials.iter().find(|m| m.code == code)
    }

    /// The step that is the decision itself: the only step of the last stage, when its kind is 审批.
    #[must_use]
    pub fn deciding_step(&self) -> Option<usize> {
        let last = self.steps.iter().map(|s| s.stage).max()?;
        let mut found = self.steps.iter().enumerate().filter(|(_, s)| s.stage == last);
        let (no, step) = found.next()?;
        (found.next().is_none() && step.kind == StepKind::Approve).then_some(no)
    }
}
