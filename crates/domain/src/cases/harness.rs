//! given(events) · when(command) · then(events or refusal): the words the tests of cases are written in.

use super::*;
use crate::catalogue::Regime;
use crate::kernel::{
    ApplicationId, CaseId, CitizenId, FileId, ItemId, ItemVersionId, OrgId, StaffId,
    time::{CalendarRow, Days, WorkCalendar, day_start},
};
use jiff::{Timestamp, ToSpan, civil::Date};
use std::sync::LazyLock;
use uuid::Uuid;

static CHINA: LazyLock<WorkCalendar> = LazyLock::new(|| {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/workdays.csv");
    WorkCalendar::new(csv::Reader::from_path(path).unwrap().deserialize::<CalendarRow>().map(Result::unwrap))
});

pub(super) fn china() -> &'static WorkCalendar {
    &CHINA
}

pub(super) fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub(super) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Ten in the morning of a day.
pub(super) fn ten(text: &str) -> Timestamp {
    day_start(day(text)) + 10.hours()
}

pub(super) const TOWN: OrgId = OrgId(Uuid::from_u128(1));
pub(super) const BUREAU: OrgId = OrgId(Uuid::from_u128(2));
pub(super) const OTHER_BUREAU: OrgId = OrgId(Uuid::from_u128(3));

fn staff(n: u128, org: OrgId, roles: Roles) -> Actor {
    Actor::Staff { id: StaffId(id(n)), org, roles }
}

pub(super) fn citizen() -> Actor {
    Actor::Citizen { id: CitizenId(id(9)) }
}
pub(super) fn clerk() -> Actor {
    staff(10, TOWN, Roles { window: true, ..Roles::default() })
}
pub(super) fn authorised_clerk() -> Actor {
    staff(10, TOWN, Roles { window: true, decides_at_once: true, ..Roles::default() })
}
pub(super) fn town_reviewer() -> Actor {
    staff(11, TOWN, Roles { reviewer: true, ..Roles::default() })
}
pub(super) fn reviewer() -> Actor {
    staff(12, BUREAU, Roles { reviewer: true, ..Roles::default() })
}
pub(super) fn other_reviewer() -> Actor {
    staff(13, OTHER_BUREAU, Roles { reviewer: true, ..Roles::default() })
}
pub(super) fn approver() -> Actor {
    staff(14, BUREAU, Roles { approver: true, ..Roles::default() })
}
pub(super) fn supervisor() -> Actor {
    staff(15, TOWN, Roles { supervisor: true, ..Roles::default() })
}
/// The same person in every post of the bureau and the window.
pub(super) fn everybody_at_once() -> Actor {
    let all = Roles {
        window: true,
        reviewer: true,
        approver: true,
        supervisor: true,
        agent: true,
        decides_at_once: false,
    };
    staff(10, BUREAU, all)
}

fn step(stage: u16, name: &str, org: OrgId, kind: StepKind) -> StepTerms {
    StepTerms { stage, name: name.to_owned(), org, kind, limit: Some(Days::Working(3)) }
}

fn material(code: &str, name: &str, required: bool, deferrable: bool) -> MaterialTerms {
    MaterialTerms { code: code.to_owned(), name: name.to_owned(), required, deferrable, shared: false }
}

/// 承诺件: ten working days promised, twenty by law; two departments review side by side, then one decides.
pub(super) fn promised() -> Terms {
    Terms {
        item: ItemId(id(20)),
        version: ItemVersionId(id(21)),
        version_no: 3,
        item_code: "11320400014109314R4000117051000".to_owned(),
        item_name: "残疾儿童康复救助".to_owned(),
        regime: Regime::Promised,
        statutory: Some(Days::Working(20)),
        promised: Some(Days::Working(10)),
        report_up: None,
        extension: Some(Days::Working(10)),
        steps: vec![
            step(1, "部门审核", BUREAU, StepKind::Review),
            step(1, "会同审核", OTHER_BUREAU, StepKind::Review),
            step(2, "审批", BUREAU, StepKind::Approve),
        ],
        materials: vec![
            material("id", "身份证", true, false),
            material("proof", "诊断证明", true, true),
            material("photo", "照片", false, false),
        ],
        separate_decider: false,
        immediate_authorised: false,
        deferral_allowed: true,
        commitment_allowed: true,
        local_stops: vec![LocalStopGround {
            code: "notice".to_owned(),
            name: "公示".to_owned(),
            basis: "残疾儿童康复救助办法第九条".to_owned(),
        }],
        retention: Retention::Years { years: 30 },
        unconfirmed: vec![],
    }
}

/// 即办件: no steps, an authorised clerk may decide alone.
pub(super) fn immediate() -> Terms {
    let terms = promised();
    Terms { regime: Regime::Immediate, immediate_authorised: true, steps: vec![], extension: None, ..terms }
}

/// 上报件: 初审 in the town, then review and decision above.
pub(super) fn report_up() -> Terms {
    let steps = vec![
        step(1, "初审", TOWN, StepKind::FirstReview),
        step(2, "审核", BUREAU, StepKind::Review),
        step(3, "审批", BUREAU, StepKind::Approve),
    ];
    Terms { regime: Regime::ReportUp, steps, ..promised() }
}

pub(super) fn paper(code: &str) -> Handed {
    Handed { code: code.to_owned(), paper: 1, files: vec![] }
}

pub(super) fn submit_with(terms: Terms, channel: Channel, materials: Vec<Handed>) -> Command {
    Command::Submit(Submit {
        case: CaseId(id(30)),
        application: ApplicationId(id(31)),
        applicant: Applicant::Person { id: CitizenId(id(9)) },
        channel,
        org: TOWN,
        form_digest: None,
        given: None,
        materials,
        terms: Box::new(terms),
    })
}

pub(super) fn submit(terms: Terms) -> Command {
    submit_with(terms, Channel::Window, vec![paper("id"), paper("proof")])
}

pub(super) fn facts(at: Timestamp, actor: Actor) -> Facts<'static> {
    Facts { at, entered_at: at, actor, calendar: china(), applicant_trusted: true }
}

/// A case told step by step; each command that must succeed does, or the test fails with the refusal.
#[derive(Clone, Default)]
pub(super) struct Story {
    pub(super) events: Vec<Event>,
    pub(super) case: Case,
}

impl Story {
    pub(super) fn on(mut self, when: &str, actor: Actor, command: &Command) -> Self {
        let events = decide(&self.case, command, &facts(ten(when), actor)).unwrap_or_else(|r| panic!("{r}"));
        self.case = events.iter().fold(self.case, apply);
        self.events.extend(events);
        self
    }

    /// Why a command is refused.
    pub(super) fn refuses(&self, when: &str, actor: Actor, command: &Command) -> Why {
        match decide(&self.case, command, &facts(ten(when), actor)) {
            Ok(events) => panic!("allowed: {events:?}"),
            Err(refusal) => refusal.why,
        }
    }

    pub(super) fn promised_due(&self) -> Option<Date> {
        self.case.limits.dues().promised.map(|d| d.date)
    }

    pub(super) fn submitted(terms: Terms, when: &str) -> Self {
        Self::default().on(when, clerk(), &submit(terms))
    }

    pub(super) fn received(terms: Terms, when: &str) -> Self {
        Self::submitted(terms, when).on(when, clerk(), &receive())
    }

    /// Received with the diagnosis missing.
    pub(super) fn lacking(terms: Terms, when: &str) -> Self {
        Self::default().on(when, clerk(), &submit_with(terms, Channel::Window, vec![paper("id")])).on(
            when,
            clerk(),
            &receive(),
        )
    }

    pub(super) fn accepted(terms: Terms, when: &str) -> Self {
        Self::received(terms, when).on(when, clerk(), &Command::Accept)
    }

    /// Accepted and reviewed by both departments.
    pub(super) fn reviewed(when: &str) -> Self {
        Self::accepted(promised(), when).on(when, reviewer(), &pass(0)).on(when, other_reviewer(), &pass(1))
    }

    pub(super) fn granted(when: &str) -> Self {
        Self::reviewed(when).on(when, approver(), &grant())
    }
}

pub(super) fn receive() -> Command {
    Command::Receive { materials: vec![] }
}
pub(super) fn pass(step: usize) -> Command {
    Command::PassStep { step, favourable: true, opinion: "材料属实".to_owned() }
}
pub(super) fn grant() -> Command {
    Command::Grant { opinion: "同意".to_owned() }
}
pub(super) fn ask(codes: &[&str], until: &str) -> Command {
    let items =
        codes.iter().map(|c| ToCorrect { code: (*c).to_owned(), reason: "请补交原件".to_owned() }).collect();
    Command::AskCorrection { items, until: day(until) }
}
pub(super) fn resubmit(codes: &[&str]) -> Command {
    Command::Resubmit { materials: codes.iter().map(|c| paper(c)).collect() }
}
pub(super) fn suspend(ground: StopGround) -> Command {
    Command::Suspend { ground, paper_no: "常特程〔2026〕1号".to_owned(), expected: Days::Working(5) }
}
pub(super) fn resume() -> Command {
    Command::Resume { outcome: "评审通过".to_owned() }
}
pub(super) fn file() -> FileId {
    FileId(id(40))
}
pub(super) fn because(text: &str) -> String {
    text.to_owned()
}
