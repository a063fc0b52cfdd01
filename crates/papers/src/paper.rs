//! What each paper says, as plain text. Days and sums arrive already written in words: this crate knows no law and no clock.

use serde::{Deserialize, Serialize};

use crate::words::{Matter, Remedies};

/// What all papers share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Hall or organ that issues the paper.
    pub organ: String,
    /// Document number (文号).
    pub number: String,
    /// Case number, grouped for reading.
    pub case_number: String,
    /// How to find the case, such as where its query code is; may be empty.
    pub query_hint: String,
    /// Day of issue, such as 2026年11月23日.
    pub issued_on: String,
    /// Applicant's name.
    pub recipient: String,
    /// Name of the item.
    pub item: String,
    /// What kind of matter the item is: titles and wording hang on it.
    pub matter: Matter,
    /// Address that proves the paper; drawn as a QR code.
    pub verify_url: String,
    /// The verification code in groups, for whoever cannot scan; may be empty.
    pub verify_code: String,
    /// Marks the paper as an example （示例内容，以正式指南为准）.
    pub example: bool,
}

/// A thing handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handed {
    /// Its name.
    pub name: String,
    /// Original, copy or electronic.
    pub form: String,
    /// How many.
    pub count: u32,
    /// Remark; may be empty.
    pub note: String,
}

/// A material that is missing or wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lack {
    /// Its name.
    pub name: String,
    /// What is wrong and what to do.
    pub reason: String,
}

/// One charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeLine {
    /// What is charged.
    pub name: String,
    /// Legal basis and rate.
    pub basis: String,
    /// Sum in yuan, such as 10.00.
    pub amount: String,
}

/// 接收回执: the hall has the materials; not yet acceptance (行政许可法 art. 32).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// What all papers share.
    pub head: Head,
    /// When the materials came in, in words.
    pub received_at: String,
    /// What was handed in.
    pub materials: Vec<Handed>,
    /// Day by which the organ tells whether it accepts.
    pub reply_by: String,
    /// Where to ask: telephone and place.
    pub contact: String,
}

/// How an application came to be accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Everything is there.
    Complete,
    /// 告知承诺: a signed promise stands for a proof (国办发〔2020〕42号).
    Pledge,
    /// 视为受理: nobody spoke within five working days (行政许可法 art. 32, clause 4).
    Deemed,
}

/// 受理通知书 (行政许可法 art. 32, clause 5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    /// What all papers share.
    pub head: Head,
    /// How it came to be accepted.
    pub way: Way,
    /// Day of acceptance.
    pub accepted_on: String,
    /// Limit in words, such as 5个工作日; empty where none runs.
    pub limit: String,
    /// Last day of the limit; empty where none runs.
    pub due_on: String,
    /// Where to ask: telephone and place.
    pub contact: String,
}

/// 补正告知书: everything that is missing, told once (行政许可法 art. 32, clause 4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// What all papers share.
    pub head: Head,
    /// Materials to be supplied, each with its reason.
    pub lacks: Vec<Lack>,
    /// Day until which they can be supplied.
    pub supply_by: String,
    /// How and where to supply them.
    pub how: String,
    /// Where to ask: telephone and place.
    pub contact: String,
}

/// 不受理告知书: the matter needs no licence (行政许可法 art. 32, clause 1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotRequired {
    /// What all papers share.
    pub head: Head,
    /// Why nothing need be applied for.
    pub reason: String,
    /// Where the applicant can turn.
    pub remedies: Remedies,
}

/// 不予受理通知书: not this organ's matter (行政许可法 art. 32, clause 2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotAccepted {
    /// What all papers share.
    pub head: Head,
    /// Why the organ does not accept.
    pub reason: String,
    /// The organ that is competent.
    pub competent_organ: String,
    /// Its address and telephone.
    pub competent_contact: String,
    /// Where the applicant can turn.
    pub remedies: Remedies,
}

/// 特别程序告知书: time outside the limit (行政许可法 art. 45).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecialProcedure {
    /// What all papers share.
    pub head: Head,
    /// Which procedure: 听证, 检验, 鉴定 ....
    pub procedure: String,
    /// Its legal ground.
    pub ground: String,
    /// First day of the procedure.
    pub starts_on: String,
    /// Expected length in words, such as 10个工作日.
    pub expected_days: String,
    /// Expected new last day.
    pub new_due_on: String,
    /// Where to ask: telephone and place.
    pub contact: String,
}

/// 延长办理期限通知书 (行政许可法 art. 42).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// What all papers share.
    pub head: Head,
    /// Why more time is needed.
    pub reason: String,
    /// Who approved: the head of the organ.
    pub approved_by: String,
    /// Length in words, such as 10个工作日.
    pub extra_days: String,
    /// Last day until now.
    pub old_due_on: String,
    /// New last day.
    pub new_due_on: String,
    /// Where to ask: telephone and place.
    pub contact: String,
}

/// The positive decision (准予行政许可决定书 by 行政许可法 art. 38; other matters have names of their own).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// What all papers share.
    pub head: Head,
    /// Legal basis of the item; may be empty.
    pub basis: String,
    /// What the applicant must know besides; may be empty.
    pub note: String,
    /// Name of the result; empty when nothing is handed over.
    pub certificate: String,
    /// Last day to hand it over (行政许可法 art. 44); may be empty.
    pub deliver_by: String,
    /// How to get the result; may be empty.
    pub collect: String,
}

/// The negative decision, with reasons and remedies (不予行政许可决定书 by 行政许可法 art. 38).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Denial {
    /// What all papers share.
    pub head: Head,
    /// What the organ found; may be empty.
    pub facts: String,
    /// Reasons, one paragraph each.
    pub reasons: Vec<String>,
    /// Legal basis of the item; may be empty.
    pub basis: String,
    /// Where the applicant can turn.
    pub remedies: Remedies,
}

/// 缴费通知书.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    /// What all papers share.
    pub head: Head,
    /// The charges.
    pub lines: Vec<FeeLine>,
    /// Total in yuan, such as 10.00.
    pub total: String,
    /// Last day for payment.
    pub pay_by: String,
    /// How to pay.
    pub how: String,
    /// Where to ask: telephone and place.
    pub contact: String,
}

/// 送达回证, with a place for the signature (行政许可法 art. 44).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// What all papers share.
    pub head: Head,
    /// What is delivered.
    pub documents: Vec<Handed>,
    /// Way of delivery.
    pub method: String,
    /// Place of delivery.
    pub place: String,
    /// Who took it, with their relation to the applicant; empty where nobody came.
    #[serde(default)]
    pub receiver: String,
    /// Where the signature is; empty where none is wanted.
    #[serde(default)]
    pub signed: String,
    /// Who delivers.
    pub sender: String,
}

/// 物料流转凭证: materials pass between the hall and the organ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// What all papers share.
    pub head: Head,
    /// Who hands over.
    pub from: String,
    /// Who takes over.
    pub to: String,
    /// What passes.
    pub materials: Vec<Handed>,
    /// Remark; may be empty.
    pub note: String,
}

/// 容缺受理通知书: accepted although a secondary material is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deferral {
    /// What all papers share.
    pub head: Head,
    /// Day of acceptance.
    pub accepted_on: String,
    /// Materials still missing.
    pub lacks: Vec<Lack>,
    /// Day until which they are to be supplied.
    pub supply_by: String,
    /// Last day of the limit.
    pub due_on: String,
    /// What follows when they are not supplied.
    pub consequence: String,
    /// Where to ask: telephone and place.
    pub contact: String,
}

/// 终止办理通知书: the case ends without a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Termination {
    /// What all papers share.
    pub head: Head,
    /// On which ground, such as 逾期没有补正.
    pub ground: String,
    /// What happened, in the words of whoever ended it.
    pub reason: String,
    /// Day of the end.
    pub ended_on: String,
    /// Where to ask: telephone and place.
    pub contact: String,
    /// Where the applicant can turn.
    pub remedies: Remedies,
}

/// A legal paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Paper {
    /// 接收回执.
    Receipt(Receipt),
    /// 受理通知书.
    Acceptance(Acceptance),
    /// 补正告知书.
    Correction(Correction),
    /// 不受理告知书.
    NotRequired(NotRequired),
    /// 不予受理通知书.
    NotAccepted(NotAccepted),
    /// 特别程序告知书.
    SpecialProcedure(SpecialProcedure),
    /// 延长办理期限通知书.
    Extension(Extension),
    /// 准予…决定书.
    Grant(Grant),
    /// 不予…决定书.
    Denial(Denial),
    /// 缴费通知书.
    Fee(Fee),
    /// 送达回证.
    Delivery(Delivery),
    /// 物料流转凭证.
    Transfer(Transfer),
    /// 容缺受理通知书.
    Deferral(Deferral),
    /// 终止办理通知书.
    Termination(Termination),
}
