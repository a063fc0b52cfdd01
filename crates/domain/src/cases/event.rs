//! What happened to a case. Events hold ids and digests only, never personal data.

use super::{
    clock::{Dues, Limits},
    command::{Applicant, Channel, Delivery, Handed, StopGround, TerminationGround, ToCorrect},
    facts::Who,
    terms::Terms,
};
use crate::kernel::{
    ApplicationId, CaseId, FileId, OrgId, StaffId,
    time::{Days, Due},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// One entry of a case's journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When it happened 发生时间.
    pub at: Timestamp,
    /// When it was entered 录入时间.
    pub entered_at: Timestamp,
    /// Who did it.
    pub by: Who,
    /// What happened.
    #[serde(flatten)]
    pub what: Happened,
}

impl Event {
    /// The kind as stored beside the body, e.g. `accepted`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        self.what.kind()
    }

    /// Whether it was entered on a later instant than it happened 补录.
    #[must_use]
    pub fn is_back_entry(&self) -> bool {
        self.entered_at > self.at
    }
}

/// How a case was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Acceptance {
    /// 受理 with complete material.
    Complete,
    /// 容缺受理.
    Deferring {
        /// Codes still missing.
        missing: Vec<String>,
        /// Last day to supply them.
        until: Date,
    },
    /// 告知承诺.
    Commitment {
        /// The signed promise.
        promise: FileId,
    },
    /// 视为受理 (行政许可法 第三十二条第一款第四项).
    Deemed,
}

/// The remedies told with a negative decision 救济途径.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remedies {
    /// 行政复议: natural days (行政复议法 第二十条: 60 日).
    pub review_days: u16,
    /// 行政诉讼: months (行政诉讼法 第四十六条: 6 个月).
    pub suit_months: u16,
}

/// The periods of the law.
pub const REMEDIES: Remedies = Remedies { review_days: 60, suit_months: 6 };

macro_rules! happened {
    ($($(#[$doc:meta])* $name:ident = $kind:literal { $($(#[$fdoc:meta])* $field:ident : $ty:ty),* $(,)? })*) => {
        /// What happened.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "kind")]
        pub enum Happened {
            $($(#[$doc])* #[serde(rename = $kind)] $name { $($(#[$fdoc])* $field: $ty),* },)*
        }

        impl Happened {
            /// The kinds of all events.
            pub const KINDS: &'static [&'static str] = &[$($kind),*];

            /// The kind as stored beside the body.
            #[must_use]
            pub const fn kind(&self) -> &'static str {
                match self { $(Self::$name { .. } => $kind,)* }
            }
        }
    };
}

happened! {
    /// 提交.
    Submitted = "submitted" {
        /// The case.
        case: CaseId,
        /// The application; the cases of a bundle share it.
        application: ApplicationId,
        /// Whose it is.
        applicant: Applicant,
        /// How it came in.
        channel: Channel,
        /// 受理单位.
        org: OrgId,
        /// Digest of the form.
        form_digest: Option<String>,
        /// Digest of what the case was given beside its events; events from before it was noted have none.
        given: Option<String>,
        /// The materials.
        materials: Vec<Handed>,
        /// The terms of the item version.
        terms: Box<Terms>,
        /// Last day for the one notice (第三十二条).
        notice_due: Due,
    }
    /// 接件.
    Received = "received" {
        /// What came in besides.
        materials: Vec<Handed>,
        /// Last day for the one notice (第三十二条).
        notice_due: Due,
    }
    /// 一次告知.
    CorrectionAsked = "correction_asked" {
        /// Everything to supplement.
        items: Vec<ToCorrect>,
        /// Last day to supplement.
        until: Date,
        /// 1 for the first notice; 2 and more were released by a supervisor and are flagged.
        nth: u16,
    }
    /// A further notice was released.
    SecondNoticeReleased = "second_notice_released" {
        /// Why.
        reason: String,
    }
    /// 补正.
    Resubmitted = "resubmitted" {
        /// What came in.
        materials: Vec<Handed>,
        /// Last day to speak about it.
        notice_due: Due,
    }
    /// 受理 in any of its ways.
    Accepted = "accepted" {
        /// How.
        how: Acceptance,
        /// The legal day of acceptance, from which limits are counted.
        on: Date,
        /// The limits that now run.
        limits: Box<Limits>,
    }
    /// 不受理.
    NotRequired = "not_required" {
        /// Why.
        reason: String,
    }
    /// 不予受理.
    Refused = "refused" {
        /// Why.
        reason: String,
        /// The organ to go to.
        competent: String,
        /// The remedies told.
        remedies: Remedies,
    }
    /// 认领.
    StepClaimed = "step_claimed" {
        /// Step number.
        step: usize,
        /// Who holds it now.
        holder: StaffId,
    }
    /// A step was finished.
    StepPassed = "step_passed" {
        /// Step number.
        step: usize,
        /// Who.
        by_staff: StaffId,
        /// The finding.
        favourable: bool,
        /// The opinion.
        opinion: String,
    }
    /// 退回.
    ReturnedToStep = "returned_to_step" {
        /// Step number.
        step: usize,
        /// Why.
        reason: String,
    }
    /// 转办.
    Reassigned = "reassigned" {
        /// Step number.
        step: usize,
        /// Who holds it now.
        to: StaffId,
        /// Why.
        reason: String,
    }
    /// 上报.
    ReportedUp = "reported_up" {
        /// The organ above.
        to: OrgId,
        /// The first review's opinion.
        opinion: String,
    }
    /// 退回下级.
    HandedBack = "handed_back" {
        /// Why.
        reason: String,
    }
    /// The clock stopped.
    Suspended = "suspended" {
        /// Why.
        ground: StopGround,
        /// The legal basis.
        basis: String,
        /// Number of the notice.
        paper_no: String,
        /// How long it will take.
        expected: Days,
        /// First day not counted.
        from: Date,
        /// The due days as they will be if it takes as long as expected.
        foreseen: Dues,
    }
    /// The clock runs again.
    Resumed = "resumed" {
        /// First day counted again.
        on: Date,
        /// What came out.
        outcome: String,
        /// The new due days.
        dues: Dues,
    }
    /// An extension was asked for.
    ExtensionRequested = "extension_requested" {
        /// Who asked.
        requester: StaffId,
        /// Why.
        reason: String,
    }
    /// 延长.
    Extended = "extended" {
        /// By how much.
        days: Days,
        /// Who approved.
        approver: StaffId,
        /// The reason told to the applicant.
        reason: String,
        /// The new due days.
        dues: Dues,
    }
    /// The extension was not approved.
    ExtensionRejected = "extension_rejected" {
        /// Why.
        reason: String,
    }
    /// 容缺材料 came in.
    DeferredSupplied = "deferred_supplied" {
        /// What came in.
        materials: Vec<Handed>,
    }
    /// 准予.
    Granted = "granted" {
        /// Who decided.
        decider: StaffId,
        /// The opinion.
        opinion: String,
        /// Last day to deliver (第四十四条).
        deliver_by: Due,
    }
    /// 不予许可.
    Denied = "denied" {
        /// Who decided.
        decider: StaffId,
        /// The reasons.
        reasons: String,
        /// The remedies told.
        remedies: Remedies,
        /// Last day to deliver.
        deliver_by: Due,
    }
    /// 制证.
    ResultMade = "result_made" {
        /// 文号.
        document_no: String,
        /// Its file.
        file: Option<FileId>,
        /// Last day on which it holds 有效期; `None` for without end.
        #[serde(default)]
        valid_until: Option<Date>,
    }
    /// 送达.
    Delivered = "delivered" {
        /// How.
        how: Delivery,
    }
    /// 撤件.
    Withdrawn = "withdrawn" {
        /// Why.
        reason: String,
    }
    /// 终止.
    Terminated = "terminated" {
        /// On which ground.
        ground: TerminationGround,
        /// Why.
        reason: String,
    }
    /// 归档.
    Archived = "archived" {
        /// May be destroyed after this day; `None` is 永久.
        keep_until: Option<Date>,
    }
    /// The calendar changed and the due days with it.
    DueRecomputed = "due_recomputed" {
        /// The notice that changed it.
        notice: String,
        /// The due days before.
        before: Dues,
        /// The due days now.
        dues: Dues,
    }
}
