//! One service item 事项 with its guide 办事指南.

use super::{
    Addresses, Audience, Based, BasicCode, Basis, BodyNature, ExerciseLevel, Handling, HandlingArea,
    HandlingForm, ItemType, Material, OnlineDepth, Powers, Regime, SpecialProcedure, UnitCode,
};
use crate::{
    kernel::{ItemId, time::Days},
    org::DepartmentKey,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A service item in one published version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// The same in every version and every installation of the same data.
    pub id: ItemId,
    /// Number in the city's list (annex 1: 1–182).
    pub seq: u16,
    /// Which version this is.
    pub version: ItemVersion,
    /// How a case is handled, and on what that rests.
    pub regime: Based<Regime>,
    /// 部分覆盖 or everywhere.
    pub coverage: Coverage,
    /// What it is called and coded.
    pub identity: Identity,
    /// Who implements it.
    pub subject: Subject,
    /// What the applicant reads.
    pub guide: Guide,
    /// How a case goes beyond its regime.
    #[serde(default)]
    pub handling: Handling,
}

/// A version of an item: every change makes a new one, and a case keeps the version it was accepted under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemVersion {
    /// Counts from 1.
    pub no: u32,
    /// First legal day on which it holds.
    pub valid_from: Date,
    /// First legal day on which it no longer holds.
    pub valid_until: Option<Date>,
}

impl ItemVersion {
    /// Whether the version holds on this legal day.
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_until.is_none_or(|end| day < end)
    }
}

/// Whether all halls handle the item (备注 of annex 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// Every hall.
    Full,
    /// 部分覆盖: only some halls; ask before you go.
    Partial,
}

/// Group 标识: names and codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// 事项名称, exactly as in the city's list.
    pub name: String,
    /// 基本编码, marked when no authority has given it.
    pub basic_code: Based<BasicCode>,
    /// 事项类型.
    pub item_type: Based<ItemType>,
    /// 设定依据.
    pub legal_basis: Vec<Based<String>>,
    /// 行使层级.
    pub level: ExerciseLevel,
}

/// Group 实施主体: who implements the item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Key of the department.
    pub department: DepartmentKey,
    /// Short name as in the city's list: 公安局.
    pub short_name: String,
    /// Full name: 常州市公安局.
    pub name: String,
    /// 统一社会信用代码, marked as made up when it is.
    pub unit_code: Based<UnitCode>,
    /// 主体性质.
    pub nature: Based<BodyNature>,
    /// 受理机构: where people go.
    pub accepted_at: String,
    /// Whose power it is, and how it is divided.
    #[serde(default)]
    pub powers: Powers,
}

/// What the applicant reads before coming.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Guide {
    /// Whether a guide was written for this item; otherwise only what its kind of handling implies is filled in.
    pub written: bool,
    /// Group 时限.
    pub time: TimeLimits,
    /// Group 办理.
    pub process: Process,
    /// Group 渠道.
    pub channels: Channels,
    /// Group 收费.
    pub fee: Fee,
    /// Group 咨询监督.
    pub contact: Contact,
    /// Group 结果.
    pub outcome: Outcome,
    /// Group 主题.
    pub themes: Themes,
    /// Group 材料.
    pub materials: Vec<Material>,
    /// 常见问题.
    pub questions: Vec<Question>,
    /// The editor's notes; may be empty.
    pub notes: String,
}

/// Time limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeLimits {
    /// 法定办结时限; none when no law gives a number of days.
    pub statutory: Option<Based<Days>>,
    /// 承诺办结时限; zero working days means on the spot.
    pub promised: Based<Days>,
    /// 特别程序 which may stop or extend the clock.
    pub special: Vec<SpecialProcedure>,
    /// 时限说明; may be empty.
    #[serde(default)]
    pub note: String,
}

/// How it goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// 受理条件.
    pub conditions: Vec<Based<String>>,
    /// 办理流程.
    pub steps: Vec<Step>,
    /// What the steps rest on.
    pub steps_basis: Basis,
    /// 服务对象.
    pub audience: Vec<Audience>,
    /// 办理形式.
    pub forms: Vec<HandlingForm>,
    /// 通办范围.
    pub area: HandlingArea,
    /// 到现场次数.
    pub visits: Based<Visits>,
    /// 数量限制; empty when there is none.
    pub quota: String,
    /// 中介服务; empty when none is needed.
    pub intermediary: String,
}

/// 到办事现场次数.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visits {
    /// How often the applicant must come.
    pub times: u8,
    /// 必须现场办理原因; empty when nobody need come.
    pub reason: String,
}

/// One step of the procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Counts from 1.
    pub no: u16,
    /// 环节名称.
    pub name: String,
    /// Who acts.
    pub actor: String,
}

/// Channel flags.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channels {
    /// The channels in the words of the guide: 窗口, 网上, 移动端, 自助终端, 全程代办.
    pub names: Vec<String>,
    /// What the list rests on.
    pub basis: Basis,
    /// 网办深度.
    pub depth: Vec<OnlineDepth>,
    /// 是否网上办理.
    pub online: bool,
    /// 网办Ⅳ级: from application to result without a visit.
    pub fully_online: bool,
    /// 是否进驻大厅.
    pub in_hall: bool,
    /// 是否支持物流快递.
    pub by_post: bool,
    /// 是否支持网上支付.
    pub pay_online: bool,
    /// 是否支持预约.
    pub booking: bool,
    /// 是否支持自助终端.
    pub terminal: bool,
    /// 办理地点.
    pub place: String,
    /// 办理时间.
    pub hours: Based<String>,
    /// 网办地址.
    #[serde(default)]
    pub addresses: Addresses,
}

/// What it costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    /// 是否收费.
    pub charged: bool,
    /// The sentence the applicant reads.
    pub text: String,
    /// 收费依据.
    pub basis: Basis,
    /// 收费项目.
    pub rows: Vec<FeeRow>,
}

/// One charged thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeRow {
    /// 收费项目名称.
    pub name: String,
    /// 收费标准 in fen; none when the standard is set elsewhere.
    pub fen: Option<u64>,
    /// 是否允许减免.
    pub reducible: bool,
}

/// Whom to ask and where to complain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// 咨询电话 with area code.
    pub advice: Based<String>,
    /// 监督投诉电话 with area code.
    pub complaints: Based<String>,
}

/// What the applicant gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// 结果名称; empty when nothing is handed over.
    pub name: Based<String>,
    /// 办结方式.
    pub finish: Finish,
    /// 送达方式.
    pub delivery: String,
    /// Whether a 结果样本 is stored.
    pub has_sample: bool,
}

/// How a case is finished 办结方式.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// 出证办结.
    Certificate,
    /// 出文办结.
    Paper,
    /// 审批办结.
    Approval,
    /// Neither: a register entry, money, an answer.
    Other,
}

impl Finish {
    /// The way of finishing that the name of a result asks for: “…证” a certificate, “…文” a paper, “…批复” an approval.
    /// Several results are judged by the last one; remarks in brackets don't count.
    #[must_use]
    pub fn from_result_name(name: &str) -> Self {
        let name = name.split(['（', '(']).next().unwrap_or_default().trim();
        if name.ends_with("批复") {
            Self::Approval
        } else if name.ends_with('证') {
            Self::Certificate
        } else if name.ends_with('文') {
            Self::Paper
        } else {
            Self::Other
        }
    }
}

/// Themes under which people look for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Themes {
    /// 自然人主题.
    pub personal: Vec<String>,
    /// 法人主题.
    pub corporate: Vec<String>,
}

/// A frequent question with its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// 问.
    pub ask: String,
    /// 答.
    pub answer: String,
}
