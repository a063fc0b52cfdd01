//! What papers say of a case's life.

use ::papers::{Kind, Paper};
use domain::cases::{
    Actor, Applicant, Case, Channel, Command, Delivery, Event, Facts, Handed, Places, Roles, StopGround,
    Submit, ToCorrect, apply, decide, terms_of,
};
use domain::kernel::time::Days;
use domain::kernel::{ApplicationId, CaseId, OrgId, StaffId};
use jiff::civil::date;
use uuid::Uuid;

use super::CITIZEN;
use crate::city::City;
use crate::papers::content::{Source, write};
use crate::papers::occasion;

/// A case told event by event, with the papers each calls for.
struct Story {
    city: City,
    hall: OrgId,
    office: OrgId,
    case: Case,
    told: Vec<Paper>,
}

impl Story {
    fn new() -> Self {
        let city = City::embedded().unwrap();
        let named = |name: &str| city.orgs.iter().find(|org| org.name == name).unwrap().id;
        let (hall, office) = (named("雕庄街道为民服务中心"), named("天宁区民政局"));
        Self { city, hall, office, case: Case::default(), told: Vec::new() }
    }

    fn submitted() -> Self {
        let story = Self::new();
        let item = story.city.items.iter().find(|item| item.guide.written).unwrap();
        let terms = terms_of(
            item,
            Places { accepting: story.hall, first_review: story.hall, deciding: story.office },
        );
        let materials = terms.materials.iter().map(|material| Handed {
            code: material.code.clone(),
            paper: 1,
            files: vec![],
        });
        let submit = Command::Submit(Submit {
            case: CaseId(Uuid::from_u128(1)),
            application: ApplicationId(Uuid::from_u128(3)),
            applicant: Applicant::Person { id: CITIZEN },
            channel: Channel::Online,
            org: story.hall,
            form_digest: None,
            given: None,
            materials: materials.collect(),
            terms: Box::new(terms),
        });
        story.on(Actor::Citizen { id: CITIZEN }, &submit)
    }

    /// Everything allowed to everybody: the law of cases is tested in the domain.
    fn staff(&self, n: u128) -> Actor {
        let roles =
            Roles { window: true, reviewer: true, approver: true, supervisor: true, ..Roles::default() };
        Actor::Staff { id: StaffId(Uuid::from_u128(n)), org: self.hall, roles }
    }

    fn on(mut self, actor: Actor, command: &Command) -> Self {
        let at = "2026-03-02T01:05:00Z".parse().unwrap();
        let calendar = &self.city.calendar;
        let facts = Facts { at, entered_at: at, actor, calendar, applicant_trusted: true };
        let events = decide(&self.case, command, &facts).unwrap_or_else(|e| panic!("{command:?}: {e}"));
        for event in events {
            let after = apply(self.case.clone(), &event);
            for kind in occasion::papers(&event.what, false) {
                self.told.push(self.paper(&after, &event, kind));
            }
            self.case = after;
        }
        self
    }

    fn paper(&self, after: &Case, event: &Event, kind: Kind) -> Paper {
        let source = Source {
            city: &self.city,
            before: &self.case,
            after,
            event,
            case_number: "260302 000001 5".into(),
            recipient: "张𬶏㛃".into(),
            staff: "李明".into(),
            receiver: None,
            demo: false,
        };
        write(&source, kind).unwrap_or_else(|| panic!("no {kind:?} of {}", event.kind()))
    }

    fn kinds(&self) -> Vec<Kind> {
        self.told.iter().map(Paper::kind).collect()
    }
}

#[test]
fn what_is_missing_is_told_in_a_paper_with_the_names_of_the_materials() {
    let story = Story::submitted();
    let material = story.case.terms().unwrap().materials[0].clone();
    let (clerk, until) = (story.staff(7), date(2026, 3, 20));
    let items = vec![ToCorrect { code: material.code, reason: "照片看不清，请重新拍".into() }];
    let told = story
        .on(clerk, &Command::Receive { materials: vec![] })
        .on(clerk, &Command::AskCorrection { items, until })
        .told;
    let [Paper::Receipt(receipt), Paper::Correction(notice)] = &told[..] else { panic!("{told:?}") };
    assert_eq!(receipt.received_at, "2026年3月2日9时05分");
    assert_eq!(receipt.reply_by, "2026年3月9日", "five working days");
    assert_eq!(notice.lacks[0].name, material.name);
    assert_eq!(notice.supply_by, "2026年3月20日");
    assert_eq!(
        (notice.head.organ.as_str(), notice.head.recipient.as_str()),
        ("雕庄街道为民服务中心", "张𬶏㛃")
    );
}

#[test]
fn a_stop_an_acceptance_and_a_refusal_each_have_their_paper() {
    let story = Story::submitted();
    let (clerk, reviewer, head) = (story.staff(7), story.staff(8), story.staff(9));
    let mut story = story.on(clerk, &Command::Receive { materials: vec![] }).on(clerk, &Command::Accept);
    let Some(Paper::Acceptance(notice)) = story.told.last() else { panic!("{:?}", story.kinds()) };
    assert_eq!(notice.accepted_on, "2026年3月2日");
    assert!(!notice.limit.is_empty() && !notice.due_on.is_empty());
    let stop = Command::Suspend {
        ground: StopGround::ExpertReview,
        paper_no: "特〔2026〕1号".into(),
        expected: Days::Working(10),
    };
    story = story.on(reviewer, &stop).on(reviewer, &Command::Resume { outcome: "专家同意".into() });
    let Some(Paper::SpecialProcedure(notice)) = story.told.last() else { panic!("{:?}", story.kinds()) };
    assert_eq!((notice.procedure.as_str(), notice.expected_days.as_str()), ("专家评审", "10个工作日"));
    assert!(notice.ground.starts_with("参照"), "art. 45 governs licences only: {}", notice.ground);
    while let Some(step) = story.case.open_steps().first().copied() {
        if story.case.terms().unwrap().deciding_step() == Some(step) {
            break;
        }
        let pass = Command::PassStep { step, favourable: false, opinion: "不符合条件".into() };
        story = story.on(reviewer, &pass);
    }
    let deny =
        Command::Deny { reasons: "申请人不在保障范围内。\n收入高于当年的标准。".into() };
    story = story.on(head, &deny).on(clerk, &Command::Deliver { how: Delivery::Electronic });
    let [.., Paper::Denial(denial), Paper::Delivery(delivery)] = &story.told[..] else {
        panic!("{:?}", story.kinds())
    };
    assert_eq!(denial.reasons.len(), 2);
    assert_eq!(delivery.documents[0].name, Kind::Denial.title(denial.head.matter));
    assert_eq!((delivery.sender.as_str(), delivery.method.as_str()), ("李明", "电子送达"));
}
