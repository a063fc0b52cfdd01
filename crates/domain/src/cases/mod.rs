//! Cases 办件: what may happen to an application from submission to the archive, and on which legal ground.

mod acceptance;
mod action;
mod apply;
mod bundle;
mod case;
mod clock;
mod command;
mod correction;
mod decide;
mod decision;
mod delivery;
mod ending;
mod event;
mod extension;
mod facts;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod properties;
mod refusal;
mod reporting;
mod review;
mod submission;
mod suspension;
mod terms;
mod terms_of;
mod trust;
mod work;

pub use action::Action;
pub use apply::{apply, fold};
pub use bundle::{progress, shared_materials};
pub use case::{Case, Deferral, ExtensionRequest, Flag, Notice, Status, StepState, Submission};
pub use clock::{Dues, Limit, Limits, REPORT_UP_LIMIT};
pub use command::{
    Applicant, Channel, Command, Delivery, Handed, StopGround, Submit, TerminationGround, ToCorrect,
};
pub use decide::{actions, decide, decide_in_turn};
pub use event::{Acceptance, Event, Happened, REMEDIES, Remedies};
pub use facts::{Actor, Facts, Roles, Who};
pub use refusal::{Refusal, Why};
pub use terms::{LocalStopGround, MaterialTerms, Retention, StepKind, StepTerms, Terms, Unconfirmed};
pub use terms_of::{Places, joined, material_code, terms_of};
pub use trust::{Broken, Repaired, Trust, TrustEvent, TrustRefusal};
pub use work::{Work, WorkKind};
