//! What a page shows of a case.

use domain::cases::{Action, Applicant, Channel, Status, StopGround, Unconfirmed, WorkKind};
use domain::catalogue::Regime;
use domain::kernel::{ApplicationId, CaseId, FileId, ItemId, OrgId, StaffId, time::Due};
use jiff::{Timestamp, civil::Date};
use store::{FromRow, Row};
use uuid::Uuid;

use super::timeline::TimelineEntry;
use super::{Answer, Attachment, Clock, Party, Receiver};

/// One material of the case.
#[derive(Debug, Clone)]
pub struct MaterialView {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The case is not complete without it.
    pub required: bool,
    /// May follow after acceptance 可容缺.
    pub deferrable: bool,
    /// The organ looks it up itself 数据共享.
    pub shared: bool,
    /// It is in hand.
    pub present: bool,
    /// Paper copies taken in.
    pub paper: u16,
    /// Stored pages, in order.
    pub files: Vec<FileId>,
    /// It came in with the latest supplement: what to look at again.
    pub supplied: bool,
    /// What the latest notice asks about it, while it waits.
    pub asked: Option<String>,
}

/// One step of the review.
#[derive(Debug, Clone)]
pub struct StepView {
    /// Its number.
    pub no: usize,
    /// Its name.
    pub name: String,
    /// Who does it.
    pub org: OrgId,
    /// Its name.
    pub org_name: String,
    /// It is the decision itself.
    pub decides: bool,
    /// The day it opened.
    pub opened: Option<Date>,
    /// Who holds it.
    pub holder: Option<StaffId>,
    /// Who passed it.
    pub passed_by: Option<StaffId>,
    /// The finding, once passed; staff only.
    pub favourable: Option<bool>,
    /// It can be worked on now.
    pub open: bool,
    /// Its own last day.
    pub due: Option<Due>,
}

/// The one notice of what must be supplemented.
#[derive(Debug, Clone)]
pub struct NoticeView {
    /// Material and reason.
    pub items: Vec<(String, String)>,
    /// Last day.
    pub until: Date,
    /// It waits for the applicant now.
    pub waiting: bool,
}

/// Another case of the same application 一件事.
#[derive(Debug, Clone)]
pub struct Sibling {
    /// Which.
    pub id: CaseId,
    /// Its number, to read.
    pub number: String,
    /// Its item.
    pub item_name: String,
    /// Where it stands.
    pub status: Status,
}

impl FromRow for Sibling {
    fn from_row(r: &Row<'_>) -> store::Result<Self> {
        let number: String = r.get(1)?;
        Ok(Self {
            id: r.get::<Uuid>(0)?.into(),
            number: super::read_number(&number),
            item_name: r.get(2)?,
            status: super::lists::stored(r.get(3)?)?,
        })
    }
}

/// A ground on which the clock of the case may stop, with its words.
#[derive(Debug, Clone)]
pub struct StopGroundView {
    /// The ground.
    pub ground: StopGround,
    /// 听证, or as the item calls it.
    pub label: String,
}

/// A case as one person sees it.
#[derive(Debug, Clone)]
pub struct CaseView {
    /// Which.
    pub id: CaseId,
    /// How many events it has; every form that changes it carries this.
    pub version: i64,
    /// The number to store and scan.
    pub number: String,
    /// The number to read: `260315 001234 7`.
    pub number_read: String,
    /// 办件编号 for exchange.
    pub exchange_number: String,
    /// The application it belongs to.
    pub application: ApplicationId,
    /// Whose it is.
    pub applicant: Applicant,
    /// The item.
    pub item: ItemId,
    /// Its name at the version the case was submitted under.
    pub item_name: String,
    /// 实施编码.
    pub item_code: String,
    /// How it is carried out.
    pub regime: Regime,
    /// How it came in.
    pub channel: Channel,
    /// Where it stands.
    pub status: Status,
    /// What it waits for, each with the organisation's name.
    pub waits: Vec<(WorkKind, String)>,
    /// Who applied, masked; `None` for somebody with the query code only.
    pub party: Option<Party>,
    /// The form as it was answered, personal answers masked.
    pub answers: Vec<Answer>,
    /// 受理单位.
    pub accepting: OrgId,
    /// Its name.
    pub accepting_name: String,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// The limits.
    pub clock: Clock,
    /// The story, oldest first.
    pub timeline: Vec<TimelineEntry>,
    /// What this person can do now.
    pub actions: Vec<Action>,
    /// Where the case goes up to, for 上报.
    pub organ_above: Option<OrgId>,
    /// The materials in order.
    pub materials: Vec<MaterialView>,
    /// The steps in order.
    pub steps: Vec<StepView>,
    /// The notices so far.
    pub notices: Vec<NoticeView>,
    /// 容缺 still open: names and last day.
    pub deferred: Option<(Vec<String>, Date)>,
    /// A wish for extension that waits: who and why.
    pub extension_request: Option<(StaffId, String)>,
    /// 文号.
    pub document_no: Option<String>,
    /// Last day on which the result holds; `None` for without end, or before it is made.
    pub valid_until: Option<Date>,
    /// Who took the result at the window, masked.
    pub receiver: Option<Receiver>,
    /// The grounds on which the clock may stop.
    pub stop_grounds: Vec<StopGroundView>,
    /// Last day to deliver.
    pub deliver_by: Option<Due>,
    /// May be destroyed after this day, once archived.
    pub keep_until: Option<Date>,
    /// Things to look at, in words; staff only.
    pub flags: Vec<String>,
    /// Parts of the terms that are examples until a department confirms them.
    pub unconfirmed: Vec<Unconfirmed>,
    /// The other cases of the application.
    pub siblings: Vec<Sibling>,
    /// The files it names, oldest first; none for whoever only has the query code.
    pub files: Vec<Attachment>,
    /// The applicant may use 容缺 and 告知承诺.
    pub trusted: bool,
}
