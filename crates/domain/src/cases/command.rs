//! What somebody wants to do with a case, and the words commands and events share.

use super::{action::Action, terms::Terms};
use crate::kernel::{
    ApplicationId, CaseId, CitizenId, FileId, LegalPersonId, OrgId, ReceiverId, StaffId, time::Days,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How an application came in 申报来源.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// 网上.
    Online,
    /// 窗口.
    Window,
    /// 代办.
    Agent,
    /// 自助终端.
    Kiosk,
    /// 邮寄.
    Post,
    /// 补录: entered after it happened elsewhere.
    BackEntry,
}

/// Whose application it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Applicant {
    /// 自然人.
    Person {
        /// Who.
        id: CitizenId,
    },
    /// 法人: the firm and the person who acts for it.
    Firm {
        /// The firm.
        id: LegalPersonId,
        /// The legal representative or authorised person.
        by: CitizenId,
    },
}

impl Applicant {
    /// The person who may act in the case.
    #[must_use]
    pub const fn person(self) -> CitizenId {
        match self {
            Self::Person { id } | Self::Firm { by: id, .. } => id,
        }
    }

    /// Who applies: the firm when a firm does.
    #[must_use]
    pub const fn party(self) -> Uuid {
        match self {
            Self::Person { id } => id.0,
            Self::Firm { id, .. } => id.0,
        }
    }
}

/// A material as handed in 收取的材料.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handed {
    /// Code of the material in the terms.
    pub code: String,
    /// Paper copies taken in; 0 for purely electronic.
    #[serde(default)]
    pub paper: u16,
    /// Stored files, page by page.
    #[serde(default)]
    pub files: Vec<FileId>,
}

/// One thing to be supplemented, with its reason 补正内容.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToCorrect {
    /// Code of the material.
    pub code: String,
    /// Why, in words the applicant can act on.
    pub reason: String,
}

/// Why the clock stops 特别程序.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum StopGround {
    /// 听证.
    Hearing,
    /// 招标、拍卖.
    Tender,
    /// 拍卖.
    Auction,
    /// 检验.
    Inspection,
    /// 检测.
    Testing,
    /// 检疫.
    Quarantine,
    /// 鉴定.
    Appraisal,
    /// 专家评审.
    ExpertReview,
    /// A ground of the item version with a legal basis of its own.
    Local {
        /// Its code in the terms.
        code: String,
    },
}

impl StopGround {
    /// The grounds of the law itself (行政许可法 第四十五条), in its order.
    pub const OF_LAW: [Self; 8] = [
        Self::Hearing,
        Self::Tender,
        Self::Auction,
        Self::Inspection,
        Self::Testing,
        Self::Quarantine,
        Self::Appraisal,
        Self::ExpertReview,
    ];

    /// All grounds on which a case with these terms may stop: those of the law, and those of the item that name a basis.
    #[must_use]
    pub fn all(terms: &Terms) -> Vec<Self> {
        let founded = terms.local_stops.iter().filter(|local| !local.basis.trim().is_empty());
        let own = founded.map(|local| Self::Local { code: local.code.clone() });
        Self::OF_LAW.into_iter().chain(own).collect()
    }

    /// The word of the law, or the name the item gives it; its code where the terms no longer know it.
    #[must_use]
    pub fn label<'a>(&'a self, terms: Option<&'a Terms>) -> &'a str {
        match self {
            Self::Hearing => "听证",
            Self::Tender => "招标",
            Self::Auction => "拍卖",
            Self::Inspection => "检验",
            Self::Testing => "检测",
            Self::Quarantine => "检疫",
            Self::Appraisal => "鉴定",
            Self::ExpertReview => "专家评审",
            Self::Local { code } => {
                let known =
                    terms.and_then(|terms| terms.local_stops.iter().find(|local| local.code == *code));
                known.map_or(code, |local| &local.name)
            }
        }
    }
}

/// How a decision or result reaches the applicant 送达.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Delivery {
    /// 窗口领取, signed for.
    Window {
        /// The signature as a stored file; nothing when the signed paper stays at the window.
        #[serde(default)]
        signature: Option<FileId>,
        /// Who took it 领取人, as noted and sealed beside the case.
        #[serde(default)]
        receiver: Option<ReceiverId>,
    },
    /// 邮寄.
    Post {
        /// Who carries it.
        carrier: String,
        /// 运单号.
        tracking: String,
    },
    /// 电子送达 into the applicant's space.
    Electronic,
}

/// Why a case ends without a decision 终止.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TerminationGround {
    /// 逾期未补正.
    NotCorrected,
    /// 容缺材料逾期未补.
    DeferralNotSupplied,
    /// 承诺不实 (国办发〔2020〕42号).
    CommitmentFalse,
    /// 申请人死亡或者终止.
    ApplicantGone,
    /// 客观情况变化, the matter cannot be carried out.
    Impossible,
}

impl TerminationGround {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::NotCorrected,
        Self::DeferralNotSupplied,
        Self::CommitmentFalse,
        Self::ApplicantGone,
        Self::Impossible,
    ];

    /// The ground in words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::NotCorrected => "逾期没有补正",
            Self::DeferralNotSupplied => "容缺材料逾期没有补交",
            Self::CommitmentFalse => "承诺不属实",
            Self::ApplicantGone => "申请人死亡或者终止",
            Self::Impossible => "客观情况变化，无法继续办理",
        }
    }
}

/// A first submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submit {
    /// The new case.
    pub case: CaseId,
    /// The application it belongs to; the cases of a bundle share it.
    pub application: ApplicationId,
    /// Whose it is.
    pub applicant: Applicant,
    /// How it came in.
    pub channel: Channel,
    /// The organisation responsible for acceptance 受理单位.
    pub org: OrgId,
    /// Digest of the form (the form itself is sealed elsewhere).
    pub form_digest: Option<String>,
    /// Digest of what the case is given beside its events: its numbers and its place in lists.
    pub given: Option<String>,
    /// The materials handed in.
    pub materials: Vec<Handed>,
    /// The item version's terms.
    pub terms: Box<Terms>,
}

/// A wish; [`super::decide`] turns it into events or a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
#[rustfmt::skip]
pub enum Command {
    /// 申请.
    Submit(Submit),
    /// 接件: the material is in the hands of the organ; for online cases the pre-check was opened.
    Receive { /** What the clerk took in besides. */ materials: Vec<Handed> },
    /// 一次告知 everything to be supplemented.
    AskCorrection { /** Everything. */ items: Vec<ToCorrect>, /** Last day to supplement. */ until: Date },
    /// The supervisor lets a second notice pass.
    ReleaseSecondNotice { /** Why. */ reason: String },
    /// 补正.
    Resubmit { /** What came in. */ materials: Vec<Handed> },
    /// 受理.
    Accept,
    /// 容缺受理.
    AcceptDeferring { /** Codes still missing. */ missing: Vec<String>, /** Last day. */ until: Date },
    /// 告知承诺: the signed promise replaces what is missing.
    AcceptOnCommitment { /** The signed 承诺书. */ promise: FileId },
    /// 视为受理: five working days passed in silence.
    DeemAccepted,
    /// 不受理: the matter needs no permit.
    DeclareNotRequired { /** Why. */ reason: String },
    /// 不予受理: not this organ's remit.
    Refuse { /** Why. */ reason: String, /** The organ to go to. */ competent: String },
    /// Take a step into one's own hands 认领.
    Claim { /** Step number. */ step: usize },
    /// Finish a step.
    PassStep { /** Step number. */ step: usize, /** Whether the step's finding is favourable. */ favourable: bool, /** The opinion. */ opinion: String },
    /// 退回 to an earlier step.
    ReturnToStep { /** Step number. */ step: usize, /** Why. */ reason: String },
    /// 转办 to another person.
    Reassign { /** Step number. */ step: usize, /** To whom. */ to: StaffId, /** Why. */ reason: String },
    /// 上报.
    ReportUp { /** The organ above. */ to: OrgId, /** The first review's opinion. */ opinion: String },
    /// 退回下级.
    HandBack { /** Why. */ reason: String },
    /// Stop the clock.
    Suspend { /** Why. */ ground: StopGround, /** Number of the 特别程序告知书. */ paper_no: String, /** How long it will take. */ expected: Days },
    /// Let the clock run again.
    Resume { /** What came out. */ outcome: String },
    /// Ask for the one extension.
    RequestExtension { /** Why. */ reason: String },
    /// The head of the organ agrees.
    ApproveExtension,
    /// The head of the organ does not agree.
    RejectExtension { /** Why. */ reason: String },
    /// Hand in deferred material.
    SupplyDeferred { /** What came in. */ materials: Vec<Handed> },
    /// 准予.
    Grant { /** The opinion. */ opinion: String },
    /// 不予许可.
    Deny { /** The reasons, at least ten characters. */ reasons: String },
    /// The result is made 制证.
    MakeResult { /** 文号. */ document_no: String, /** Its file. */ file: Option<FileId>, /** Last day on which it holds 有效期; `None` for without end. */ valid_until: Option<Date> },
    /// 送达.
    Deliver { /** How. */ how: Delivery },
    /// 撤件.
    Withdraw { /** Why. */ reason: String },
    /// 终止.
    Terminate { /** On which ground. */ ground: TerminationGround, /** Why. */ reason: String },
    /// 归档.
    Archive,
    /// The calendar changed.
    RecomputeDue { /** The notice that changed it. */ notice: String },
}

impl Command {
    /// The action in the table of allowed actions that this command carries out.
    #[must_use]
    pub const fn action(&self) -> Action {
        match self {
            Self::Submit(_) => Action::Submit,
            Self::Receive { .. } => Action::Receive,
            Self::AskCorrection { .. } => Action::AskCorrection,
            Self::ReleaseSecondNotice { .. } => Action::ReleaseSecondNotice,
            Self::Resubmit { .. } => Action::Resubmit,
            Self::Accept => Action::Accept,
            Self::AcceptDeferring { .. } => Action::AcceptDeferring,
            Self::AcceptOnCommitment { .. } => Action::AcceptOnCommitment,
            Self::DeemAccepted => Action::DeemAccepted,
            Self::DeclareNotRequired { .. } => Action::DeclareNotRequired,
            Self::Refuse { .. } => Action::Refuse,
            Self::Claim { .. } => Action::Claim,
            Self::PassStep { .. } => Action::PassStep,
            Self::ReturnToStep { .. } => Action::ReturnToStep,
            Self::Reassign { .. } => Action::Reassign,
            Self::ReportUp { .. } => Action::ReportUp,
            Self::HandBack { .. } => Action::HandBack,
            Self::Suspend { .. } => Action::Suspend,
            Self::Resume { .. } => Action::Resume,
            Self::RequestExtension { .. } => Action::RequestExtension,
            Self::ApproveExtension => Action::ApproveExtension,
            Self::RejectExtension { .. } => Action::RejectExtension,
            Self::SupplyDeferred { .. } => Action::SupplyDeferred,
            Self::Grant { .. } => Action::Grant,
            Self::Deny { .. } => Action::Deny,
            Self::MakeResult { .. } => Action::MakeResult,
            Self::Deliver { .. } => Action::Deliver,
            Self::Withdraw { .. } => Action::Withdraw,
            Self::Terminate { .. } => Action::Terminate,
            Self::Archive => Action::Archive,
            Self::RecomputeDue { .. } => Action::RecomputeDue,
        }
    }
}
