//! Applications and cases through the service layer, on both databases: what pages and the API will call.

mod bundles;
mod bytes;
mod drafts;
mod edges;
mod lists;
mod lives;
mod proofs;
mod timers;
pub mod trust;

use domain::cases::{Action, Channel, Command, Status};
use domain::catalogue::{Audience, Item, Regime};
use domain::kernel::{CaseId, CitizenId, OrgId, StaffId};
use domain::org::{Level, Org, OrgPath};
use domain::rights::{Actor, Role};
use uuid::Uuid;

use super::{Draft, Owner, Receipt, Saving, Starting, Submitter, Values, attach, save, start, submit};
use crate::cases::{ActError, By, CaseRecord, CaseView, StaffActor, act_as_staff, find, view};
use crate::city::City;
use crate::testing::World;

pub const CITIZEN: CitizenId = CitizenId(Uuid::from_u128(0xC1));
/// The smallest picture that says it is one.
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";

/// A town hall of a district that is not the city's only one.
pub fn hall(city: &City) -> &Org {
    city.halls().find(|hall| hall.level == Level::Town).expect("a city has towns")
}

/// An item with a written guide that asks for something.
pub fn item(city: &City, regime: Regime) -> &Item {
    let asks = |item: &&Item| {
        let materials = &item.guide.materials;
        item.regime.value == regime
            && item.guide.process.audience.contains(&Audience::NaturalPerson)
            && super::terms_at(city, item, hall(city).id).is_some()
            && !materials.is_empty()
    };
    city.items.iter().filter(asks).max_by_key(|item| item.guide.written).expect("every regime has items")
}

pub fn staff(n: u128, role: Role, at: &OrgPath) -> StaffActor {
    let id = Uuid::from_u128(n);
    StaffActor { id: StaffId(id), rights: Actor::staff(id, role, at.clone()) }
}

/// A clerk of the hall.
pub fn clerk(city: &City) -> StaffActor {
    staff(0x51, Role::WindowClerk, &hall(city).path)
}

/// Staff of the organisation that does a step.
pub fn at_step(city: &City, record: &CaseRecord, no: usize, role: Role) -> StaffActor {
    let org = record.case.terms().expect("submitted").steps[no].org;
    staff(0x60 + no as u128, role, &city.org(org).expect("an organisation").path)
}

pub fn values() -> Values {
    let values = [
        ("applicant_kind", "person"),
        ("name", "王小明"),
        ("document_kind", "id_card"),
        ("document", "11010519491231002X"),
        ("contact", "王小明"),
        ("phone", "13800138000"),
        ("delivery", "window"),
    ];
    values.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

pub fn starting(items: Vec<domain::kernel::ItemId>, accepting: Option<OrgId>) -> Starting {
    Starting {
        channel: Channel::Online,
        items,
        accepting,
        applicant: None,
        values: values(),
        happened_at: None,
    }
}

/// A citizen's draft with every required material uploaded.
pub async fn complete_draft(w: &World, regime: Regime) -> Draft {
    let city = w.ctx.city();
    let owner = Owner::Citizen(CITIZEN);
    let wish = starting(vec![item(&city, regime).id], Some(hall(&city).id));
    let draft = start(&w.ctx, owner, wish).await.expect("a draft begins");
    for need in draft.needs(&city).into_iter().filter(|need| need.terms.required) {
        attach(&w.ctx, owner, draft.id, &need.terms.code, "1.png", PNG.into())
            .await
            .expect("a page is taken");
    }
    super::open(&w.ctx, owner, draft.id).await.expect("the draft opens")
}

pub async fn submitted(w: &World, regime: Regime) -> Receipt {
    let draft = complete_draft(w, regime).await;
    submit(&w.ctx, &Submitter::Citizen(CITIZEN), draft.id, "t").await.expect("a complete draft is taken")
}

pub async fn record(w: &World, id: CaseId) -> CaseRecord {
    find(&w.ctx.db, id).await.expect("reads").expect("is there")
}

/// Acts on the case as it is now.
pub async fn acts(w: &World, who: &StaffActor, id: CaseId, command: Command) -> Result<CaseRecord, ActError> {
    let version = record(w, id).await.version;
    act_as_staff(&w.ctx, who, id, version, command, "t").await
}

/// Acts and must succeed.
pub async fn does(w: &World, who: &StaffActor, id: CaseId, command: Command) -> CaseRecord {
    let done = acts(w, who, id, command.clone()).await;
    let done = done.unwrap_or_else(|e| panic!("{command:?}: {e}"));
    assert!(crate::cases::is_proven(&w.ctx.db, id).await.expect("the log reads"), "after {command:?}");
    done
}

pub async fn seen(w: &World, id: CaseId, by: &By) -> CaseView {
    view(&w.ctx, id, by).await.expect("may see")
}

/// Accepted at the window.
pub async fn accepted(w: &World, regime: Regime) -> CaseRecord {
    let id = submitted(w, regime).await.cases[0].id;
    let clerk = clerk(&w.ctx.city());
    does(w, &clerk, id, Command::Receive { materials: vec![] }).await;
    does(w, &clerk, id, Command::Accept).await
}

pub fn pass(step: usize) -> Command {
    Command::PassStep { step, favourable: true, opinion: "材料齐全，符合条件".into() }
}

pub fn grant() -> Command {
    Command::Grant { opinion: "同意".into() }
}

pub fn can(view: &CaseView, action: Action) -> bool {
    view.actions.contains(&action)
}

pub async fn status(w: &World, id: CaseId) -> Status {
    record(w, id).await.case.status
}

pub async fn fills(w: &World, draft: &Draft, name: &str, value: &str) -> Draft {
    let saving = Saving { values: [(name.to_owned(), value.to_owned())].into(), ..Saving::default() };
    save(&w.ctx, draft.owner, draft.id, saving).await.expect("saving never refuses")
}
