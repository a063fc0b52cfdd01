//! The elements 要素 of an item that most items leave empty: who else takes part, how a case goes beyond its regime, and
//! where things are found. Absent in the data of a city means that nothing is known, never a made-up value.

use crate::kernel::time::Days;
use crate::org::DepartmentKey;
use serde::{Deserialize, Serialize};

/// Where the power of the implementing body comes from 权力来源.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PowerSource {
    /// 法定本级行使.
    OwnByLaw,
    /// 上级下放.
    HandedDown,
    /// 上级授权.
    Authorised,
    /// 上级委托, or another organ's.
    Entrusted,
}

impl PowerSource {
    /// The Chinese words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::OwnByLaw => "法定本级行使",
            Self::HandedDown => "上级下放",
            Self::Authorised => "上级授权",
            Self::Entrusted => "委托行使",
        }
    }
}

/// Group 标识 and 实施主体: what goes beyond name, code and implementing body.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Powers {
    /// 权力来源.
    pub source: Option<PowerSource>,
    /// 委托部门: whose power it is, when entrusted.
    pub entrusting: String,
    /// 承办机构: which office of the body does it.
    pub undertaking: String,
    /// 权限划分: what each level decides.
    pub division: String,
    /// 行使内容: what of it is exercised here.
    pub content: String,
    /// 行政管辖: who is competent for whom.
    pub jurisdiction: String,
}

/// A ground for stopping the clock that has a legal basis of its own, beyond 行政许可法 第四十五条.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnStop {
    /// Stable key.
    pub code: String,
    /// Name, e.g. 公示.
    pub name: String,
    /// The article or document that lets it be excluded; without one it does not count.
    pub basis: String,
}

/// 办理规则: how a case goes beyond what its regime says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Handling {
    /// 联办机构: departments that review side by side with the implementing one.
    pub joint: Vec<DepartmentKey>,
    /// The decider must not have reviewed.
    pub separate_decider: bool,
    /// Own grounds for stopping the clock.
    pub stops: Vec<OwnStop>,
    /// 环节时限 of the first review.
    pub first_review: Option<Days>,
    /// 环节时限 of the review.
    pub review: Option<Days>,
    /// 环节时限 of the decision.
    pub decision: Option<Days>,
}

/// Where it is done online 网办地址.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Addresses {
    /// 网上办理地址.
    pub web: String,
    /// 移动端办理地址.
    pub mobile: String,
}

/// What else is said of a material.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MaterialDetails {
    /// 材料规格, e.g. A4.
    pub size: String,
    /// 来源渠道说明: which authority issues it.
    pub issuer: String,
    /// 空白表格: where it is found.
    pub blank: String,
    /// 示例样表: where it is found.
    pub sample: String,
}
