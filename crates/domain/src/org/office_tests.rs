//! What administrators may change of an organisation, and why they may not.

use super::*;
use crate::kernel::identity::Phone;
use crate::kernel::{ItemId, OrgId};
use jiff::Timestamp;
use uuid::Uuid;

fn hall() -> Org {
    let path = OrgPath::root("320400").child("320402").child("320402001");
    Org {
        id: OrgId(stable_id("org", path.as_str())),
        path,
        name: "雕庄街道为民服务中心".into(),
        short: "雕庄街道".into(),
        kind: OrgKind::TownHall,
        level: Level::Town,
        region: "320402001".parse().unwrap(),
        department: None,
        zone: None,
        name_source: NameSource::Given,
        office: Office::default(),
    }
}

fn at() -> Timestamp {
    "2026-03-02T01:00:00Z".parse().unwrap()
}

fn as_it_is(org: &Org) -> Description {
    Description {
        name: org.name.clone(),
        short: org.short.clone(),
        name_checked: false,
        hours: org.office.hours.clone(),
        hours_off: org.office.hours_off.clone(),
        phone: org.office.phone.clone(),
        address: org.office.address.clone(),
        basis: String::new(),
    }
}

fn decide(org: &Org, command: &OfficeCommand) -> Result<Vec<OfficeEvent>, Vec<OfficeRefusal>> {
    let facts = OfficeFacts { org, at: at(), name_taken: false, item_is_immediate: true };
    decide_office(&org.office, command, &facts)
}

fn describe(org: &Org, wish: Description) -> Result<Vec<OfficeEvent>, Vec<OfficeRefusal>> {
    decide(org, &OfficeCommand::Describe(Box::new(wish)))
}

fn after(org: &Org, events: &[OfficeEvent]) -> Org {
    org.with_office(&events.iter().fold(org.office.clone(), Office::apply))
}

#[test]
fn only_what_differs_is_written_down_and_shows_afterwards() {
    let org = hall();
    let events = describe(
        &org,
        Description {
            hours: Some(Hours::parse("9:00-17:00").unwrap()),
            phone: Some(Phone::parse("0519-81234567").unwrap()),
            address: Some("  青龙路 1 号 ".into()),
            ..as_it_is(&org)
        },
    )
    .unwrap();
    assert_eq!(
        events.iter().map(OfficeEvent::kind).collect::<Vec<_>>(),
        ["hours_changed", "contact_changed"]
    );
    let org = after(&org, &events);
    assert_eq!(org.office.address.as_deref(), Some("青龙路 1 号"));
    assert_eq!(describe(&org, as_it_is(&org)), Err(vec![OfficeRefusal::NothingChanged]));
}

#[test]
fn a_new_name_needs_the_document_behind_it() {
    let org = hall();
    let wish = Description { name: "青龙街道为民服务中心".into(), ..as_it_is(&org) };
    assert_eq!(describe(&org, wish.clone()), Err(vec![OfficeRefusal::BasisMissing]));
    let events = describe(&org, Description { basis: "常政发〔2026〕3 号".into(), ..wish }).unwrap();
    assert_eq!(events[0].basis, "常政发〔2026〕3 号");
    assert_eq!(after(&org, &events).name, "青龙街道为民服务中心");
}

#[test]
fn a_name_made_by_a_pattern_counts_as_given_once_it_was_checked() {
    let org = Org { name_source: NameSource::Pattern, ..hall() };
    let events = describe(&org, Description { name_checked: true, ..as_it_is(&org) }).unwrap();
    assert_eq!(after(&org, &events).name_source, NameSource::Given);
}

#[test]
fn every_reason_against_a_form_is_told_at_once() {
    let org = hall();
    let wish = Description {
        name: "名".repeat(LONGEST_NAME + 1),
        short: "  ".into(),
        address: Some("一\n二".into()),
        ..as_it_is(&org)
    };
    assert_eq!(
        describe(&org, wish),
        Err(vec![
            OfficeRefusal::NameUnfit,
            OfficeRefusal::ShortEmpty,
            OfficeRefusal::AddressUnfit,
            OfficeRefusal::BasisMissing
        ])
    );
    let facts = OfficeFacts { org: &org, at: at(), name_taken: true, item_is_immediate: true };
    let command = OfficeCommand::Describe(Box::new(as_it_is(&org)));
    assert_eq!(decide_office(&org.office, &command, &facts), Err(vec![OfficeRefusal::NameTaken]));
}

#[test]
fn a_hall_is_closed_with_a_reason_once_and_opened_again() {
    let org = hall();
    let close = |reason: &str| OfficeCommand::Close { reason: reason.into() };
    let reopen = OfficeCommand::Reopen { reason: "装修完工".into() };
    assert_eq!(decide(&org, &close(" ")), Err(vec![OfficeRefusal::BasisMissing]));
    assert_eq!(decide(&org, &reopen), Err(vec![OfficeRefusal::NotClosed]));
    let shut = after(&org, &decide(&org, &close("装修")).unwrap());
    assert!(!shut.is_open());
    assert_eq!(shut.office.closed.as_ref().map(|c| c.reason.as_str()), Some("装修"));
    assert_eq!(decide(&shut, &close("装修")), Err(vec![OfficeRefusal::ClosedAlready]));
    assert!(after(&shut, &decide(&shut, &reopen).unwrap()).is_open());
    let government = Org { kind: OrgKind::Government, ..hall() };
    assert_eq!(decide(&government, &close("装修")), Err(vec![OfficeRefusal::Government]));
}

#[test]
fn a_hall_decides_on_the_spot_until_the_authorisation_is_taken_away() {
    let org = hall();
    let item = ItemId(Uuid::from_u128(7));
    let wish = |allowed| OfficeCommand::Authorise { item, allowed, basis: "授权清单 2026 版".into() };
    assert_eq!(decide(&org, &wish(true)), Err(vec![OfficeRefusal::AuthorisedAlready]));
    let without = after(&org, &decide(&org, &wish(false)).unwrap());
    assert!(!without.office.decides_at_once(item));
    assert!(without.office.decides_at_once(ItemId(Uuid::from_u128(8))));
    assert!(after(&without, &decide(&without, &wish(true)).unwrap()).office.decides_at_once(item));
    let department = Org { kind: OrgKind::Department, ..hall() };
    assert_eq!(decide(&department, &wish(false)), Err(vec![OfficeRefusal::NoHall]));
    let facts = OfficeFacts { org: &org, at: at(), name_taken: false, item_is_immediate: false };
    assert_eq!(decide_office(&org.office, &wish(false), &facts), Err(vec![OfficeRefusal::NotImmediate]));
}

#[test]
fn an_event_and_the_office_survive_being_stored() {
    let org = hall();
    let item = ItemId(Uuid::from_u128(7));
    let wish = Description {
        hours: Some(Hours::parse("9:00-17:00").unwrap()),
        phone: Some(Phone::parse("0519-81234567").unwrap()),
        ..as_it_is(&org)
    };
    let mut events = describe(&org, wish).unwrap();
    events.extend(decide(&org, &OfficeCommand::Close { reason: "装修".into() }).unwrap());
    let command = OfficeCommand::Authorise { item, allowed: false, basis: "清单".into() };
    events.extend(decide(&org, &command).unwrap());
    let office = events.iter().fold(Office::default(), Office::apply);
    for event in &events {
        let json = serde_json::to_string(event).unwrap();
        assert_eq!(serde_json::from_str::<OfficeEvent>(&json).unwrap(), *event, "{json}");
    }
    let json = serde_json::to_string(&office).unwrap();
    assert_eq!(serde_json::from_str::<Office>(&json).unwrap(), office);
}
