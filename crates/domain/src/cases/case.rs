//! The state of a case: what its events add up to.

use super::{
    clock::Limits,
    command::{Applicant, Channel, Handed},
    terms::{StepKind, Terms},
};
use crate::catalogue::Regime;
use crate::kernel::{
    ApplicationId, CaseId, OrgId, StaffId,
    time::{Due, LegalClock, WorkCalendar},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// Where a case stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// 草稿.
    #[default]
    Draft,
    /// 已提交.
    Submitted,
    /// 已接件.
    Received,
    /// 待补正.
    Correcting,
    /// 已受理, under review.
    InReview,
    /// 特别程序, the clock stands.
    Suspended,
    /// 准予, no result yet.
    Granted,
    /// 不予许可, not delivered yet.
    Denied,
    /// 结果已制作, not delivered yet.
    ResultReady,
    /// 已送达, 办结.
    Delivered,
    /// 不受理.
    NotRequired,
    /// 不予受理.
    Refused,
    /// 已撤件.
    Withdrawn,
    /// 已终止.
    Terminated,
    /// 已归档.
    Archived,
}

impl Status {
    /// The word shown.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Draft => "草稿",
            Self::Submitted => "已提交",
            Self::Received => "已接件",
            Self::Correcting => "待补正",
            Self::InReview => "办理中",
            Self::Suspended => "特别程序中",
            Self::Granted => "准予，待制作结果",
            Self::Denied => "不予许可，待送达",
            Self::ResultReady => "待送达",
            Self::Delivered => "已办结",
            Self::NotRequired => "不受理",
            Self::Refused => "不予受理",
            Self::Withdrawn => "已撤回",
            Self::Terminated => "已终止",
            Self::Archived => "已归档",
        }
    }

    /// The value as stored in rows and filters, the same word as in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Received => "received",
            Self::Correcting => "correcting",
            Self::InReview => "in_review",
            Self::Suspended => "suspended",
            Self::Granted => "granted",
            Self::Denied => "denied",
            Self::ResultReady => "result_ready",
            Self::Delivered => "delivered",
            Self::NotRequired => "not_required",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Terminated => "terminated",
            Self::Archived => "archived",
        }
    }

    /// Nothing is left to do for the applicant; only archiving may follow.
    #[must_use]
    pub const fn is_closed(self) -> bool {
        matches!(
            self,
            Self::Delivered
                | Self::NotRequired
                | Self::Refused
                | Self::Withdrawn
                | Self::Terminated
                | Self::Archived
        )
    }

    /// Before acceptance, with the organ or the applicant.
    #[must_use]
    pub const fn is_before_acceptance(self) -> bool {
        matches!(self, Self::Submitted | Self::Received | Self::Correcting)
    }

    /// Accepted and not yet decided.
    #[must_use]
    pub const fn is_under_review(self) -> bool {
        matches!(self, Self::InReview | Self::Suspended)
    }
}

/// What was fixed at submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// The case.
    pub case: CaseId,
    /// The application.
    pub application: ApplicationId,
    /// Whose it is.
    pub applicant: Applicant,
    /// How it came in.
    pub channel: Channel,
    /// 受理单位.
    pub org: OrgId,
    /// Digest of what the case was given beside its events.
    #[serde(default)]
    pub given: Option<String>,
    /// The terms of the item version.
    pub terms: Box<Terms>,
}

/// One notice of what must be supplemented.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Codes asked for.
    pub codes: Vec<String>,
    /// Last day to supplement.
    pub until: Date,
}

/// Where a step stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepState {
    /// The day it opened; `None` while earlier stages run.
    #[serde(default)]
    pub opened: Option<Date>,
    /// Who holds it.
    #[serde(default)]
    pub holder: Option<StaffId>,
    /// Who passed it.
    #[serde(default)]
    pub passed_by: Option<StaffId>,
    /// The finding, once passed.
    #[serde(default)]
    pub favourable: Option<bool>,
}

/// 容缺: what is still to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deferral {
    /// Codes still missing.
    pub missing: Vec<String>,
    /// Last day.
    pub until: Date,
}

/// A request for the extension that waits for the head of the organ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtensionRequest {
    /// Who asked.
    pub requester: StaffId,
    /// Why.
    pub reason: String,
}

/// Things a supervisor should look at; they never stop the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// 补正告知超过一次.
    SecondNotice,
    /// 超期未告知，视为受理.
    DeemedAccepted,
    /// 补录.
    BackEntry,
    /// 有环节意见不同意 and still granted.
    GrantedAgainstReview,
}

/// A case: the sum of its events.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Where it stands.
    pub status: Status,
    /// What was fixed at submission; `None` for a draft.
    pub submission: Option<Submission>,
    /// The materials in hand, the latest of each code.
    pub materials: Vec<Handed>,
    /// The day the material came in last (submission or the latest supplement).
    pub came_in: Option<Date>,
    /// Last day on which the organ can tell what is missing; told with the latest submission or supplement.
    pub notice_due: Option<Due>,
    /// The notices so far.
    pub notices: Vec<Notice>,
    /// A supervisor released one more notice.
    pub notice_released: bool,
    /// The day of acceptance.
    pub accepted_on: Option<Date>,
    /// Who accepted; `None` when it happened by law.
    pub accepted_by: Option<StaffId>,
    /// 告知承诺 stands for missing material.
    pub on_commitment: bool,
    /// 容缺 that is still open.
    pub deferral: Option<Deferral>,
    /// The limits.
    pub limits: Limits,
    /// The steps, in the order of the terms.
    pub steps: Vec<StepState>,
    /// The organ above that has it now.
    pub reported_to: Option<OrgId>,
    /// A request for extension.
    pub extension_request: Option<ExtensionRequest>,
    /// It was extended.
    pub extended: bool,
    /// Who decided.
    pub decided_by: Option<StaffId>,
    /// Last day to deliver.
    pub deliver_by: Option<Due>,
    /// 文号 of the result.
    pub document_no: Option<String>,
    /// Last day on which the result holds; `None` for without end.
    #[serde(default)]
    pub valid_until: Option<Date>,
    /// May be destroyed after this day, once archived.
    pub keep_until: Option<Date>,
    /// Things to look at.
    pub flags: Vec<Flag>,
    /// When the latest event happened.
    pub last_at: Option<Timestamp>,
}

impl Case {
    /// The terms it was submitted under.
    #[must_use]
    pub fn terms(&self) -> Option<&Terms> {
        self.submission.as_ref().map(|s| s.terms.as_ref())
    }

    /// How it is carried out.
    #[must_use]
    pub fn regime(&self) -> Option<Regime> {
        self.terms().map(|t| t.regime)
    }

    /// Codes of required material that is not in hand.
    #[must_use]
    pub fn missing(&self) -> Vec<&str> {
        let required = self.terms().map_or(&[][..], |t| &t.materials).iter().filter(|m| m.required);
        required.filter(|m| !self.has(&m.code)).map(|m| m.code.as_str()).collect()
    }

    /// Whether a material is in hand.
    #[must_use]
    pub fn has(&self, code: &str) -> bool {
        self.materials.iter().any(|h| h.code == code && (h.paper > 0 || !h.files.is_empty()))
    }

    /// The step and its state.
    #[must_use]
    pub fn step(&self, no: usize) -> Option<(&super::terms::StepTerms, &StepState)> {
        self.terms()?.steps.get(no).zip(self.steps.get(no))
    }

    /// Steps that are open and not yet passed. While a 上报 case has not been reported, only 初审 steps.
    #[must_use]
    pub fn open_steps(&self) -> Vec<usize> {
        let below = self.regime() == Some(Regime::ReportUp) && self.reported_to.is_none();
        (0..self.steps.len())
            .filter(|no| {
                self.step(*no).is_some_and(|(terms, state)| {
                    state.opened.is_some()
                        && state.passed_by.is_none()
                        && (!below || terms.kind == StepKind::FirstReview)
                })
            })
            .collect()
    }

    /// The due day of a step's own limit, with the case's stops taken out.
    #[must_use]
    pub fn step_due(&self, no: usize, cal: &WorkCalendar) -> Option<Due> {
        let (terms, state) = self.step(no)?;
        let mut clock = LegalClock::new(state.opened?, terms.limit?);
        clock.stops = self.limits.stops().to_vec();
        clock.due(cal)
    }
}
