//! Changes of organisations and working days on the road, on both databases.

use domain::kernel::OrgId;
use domain::org::{
    Description, Hours, OfficeCommand, OfficeRefusal, Org, OrgKind, WorkdaysCommand, WorkdaysRefusal,
    parse_days,
};
use jiff::civil::date;
use store::journal::Stamp;
use store::{Tx, Work, jobs};

use super::{ChangeError, RECOMPUTE_DUE, Recount, change_office, change_workdays, office, refresh, workdays};
use crate::testing::{World, on_both};
use crate::{Live, proof};

fn stamp(world: &World) -> Stamp {
    Stamp { actor: "staff:1".into(), org: None, trace: "t-1".into(), entered_at: world.now() }
}

fn hall(world: &World) -> Org {
    let city = world.city();
    city.orgs.iter().find(|org| org.kind == OrgKind::TownHall).expect("a city has halls").clone()
}

fn as_it_is(org: &Org) -> Description {
    Description {
        name: org.name.clone(),
        short: org.short.clone(),
        name_checked: false,
        hours: org.office.hours.clone(),
        hours_off: None,
        phone: None,
        address: None,
        basis: "常政发〔2026〕3 号".into(),
    }
}

fn describe(wish: Description) -> OfficeCommand {
    OfficeCommand::Describe(Box::new(wish))
}

fn enter(days: &str) -> WorkdaysCommand {
    let (source, issued_on) = ("国办发明电〔2026〕2 号".into(), date(2026, 3, 1));
    WorkdaysCommand::Enter { source, issued_on, days: parse_days(days).expect("days") }
}

/// The names of the halls of towns as people look for them.
fn listed(ctx: &crate::Ctx) -> Vec<String> {
    let catalogue = ctx.catalogue();
    catalogue.districts().iter().flat_map(|d| &d.halls).map(|hall| hall.name.clone()).collect()
}

/// Another node over the same database: its own snapshot of the city.
fn other_node(world: &World) -> crate::Ctx {
    let city = world.city().with_changes(&crate::city::Changes::default());
    let catalogue = std::sync::Arc::new(Live::new(world.catalogue().following(&city)));
    crate::Ctx::new(crate::Parts {
        city: std::sync::Arc::new(Live::new(city)),
        catalogue,
        ..(*world.ctx).clone()
    })
}

#[tokio::test]
async fn a_renamed_hall_shows_on_this_node_at_once_and_on_another_at_its_next_look() {
    on_both(|world| async move {
        let (hall, other) = (hall(&world), other_node(&world));
        let wish = Description { name: "新北街道为民服务中心".into(), ..as_it_is(&hall) };
        let done = change_office(&world, hall.id, 0, describe(wish), stamp(&world)).await.expect("renamed");
        assert_eq!(done.version, 1);
        let name = |ctx: &crate::Ctx| ctx.city().org(hall.id).map(|org| org.name.clone());
        assert_eq!(name(&world).as_deref(), Some("新北街道为民服务中心"));
        assert!(
            listed(&world).contains(&"新北街道为民服务中心".to_owned()),
            "whoever looks for a hall finds it"
        );
        assert_eq!(name(&other), Some(hall.name.clone()));
        assert!(listed(&other).contains(&hall.name));
        assert!(refresh(&other).await.expect("reads"));
        assert_eq!((name(&other), listed(&other)), (name(&world), listed(&world)));
        assert!(!refresh(&other).await.expect("reads"), "nothing has changed since");
        assert_eq!(office(&world, hall.id).await.expect("reads"), done);
    })
    .await;
}

#[tokio::test]
async fn of_two_administrators_with_the_same_form_the_second_is_told_to_look_again() {
    on_both(|world| async move {
        let hall = hall(&world);
        let wish = |hours: &str| {
            describe(Description { hours: Some(Hours::parse(hours).expect("hours")), ..as_it_is(&hall) })
        };
        let go = |hours| change_office(&world, hall.id, 0, wish(hours), stamp(&world));
        let (first, second) = tokio::join!(go("9:00-17:00"), go("8:00-16:00"));
        assert!(first.is_ok() != second.is_ok());
        let told = first.err().or(second.err()).expect("one is refused");
        assert!(matches!(told, ChangeError::Stale), "{told}");
        assert!(told.to_string().contains("刷新页面"));
    })
    .await;
}

#[tokio::test]
async fn what_the_rules_refuse_changes_nothing() {
    on_both(|world| async move {
        let hall = hall(&world);
        let city = world.city();
        let twin = city
            .orgs
            .iter()
            .find(|org| org.id != hall.id && org.path.parent() == hall.path.parent())
            .expect("a district has several halls");
        let wish = describe(Description { name: twin.name.clone(), ..as_it_is(&hall) });
        let refused = change_office(&world, hall.id, 0, wish, stamp(&world)).await;
        assert!(
            matches!(&refused, Err(ChangeError::Refused(why)) if why == &[OfficeRefusal::NameTaken]),
            "{refused:?}"
        );
        let nobody = OrgId(uuid::Uuid::from_u128(404));
        let refused = change_office(&world, nobody, 0, describe(as_it_is(&hall)), stamp(&world)).await;
        assert!(matches!(refused, Err(ChangeError::Absent)), "{refused:?}");
        assert_eq!(office(&world, hall.id).await.expect("reads").version, 0);
        assert!(!refresh(&world).await.expect("reads"));
    })
    .await;
}

#[tokio::test]
async fn only_items_that_are_handled_on_the_spot_can_be_authorised_so() {
    on_both(|world| async move {
        let (hall, city) = (hall(&world), world.city());
        let is_immediate = |at_once: bool| {
            let mut items = city.items.iter();
            let found = items.find(|i| (i.regime.value == domain::catalogue::Regime::Immediate) == at_once);
            found.expect("the city has such items").id
        };
        let take_away =
            |item| OfficeCommand::Authorise { item, allowed: false, basis: "授权清单".into() };
        let refused = change_office(&world, hall.id, 0, take_away(is_immediate(false)), stamp(&world)).await;
        assert!(matches!(refused, Err(ChangeError::Refused(_))), "{refused:?}");
        let item = is_immediate(true);
        assert!(world.city().decides_at_once(hall.id, item));
        change_office(&world, hall.id, 0, take_away(item), stamp(&world)).await.expect("taken away");
        assert!(!world.city().decides_at_once(hall.id, item));
    })
    .await;
}

struct Due;

impl Work for Due {
    type Out = Vec<jobs::Entry>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Vec<jobs::Entry>> {
        jobs::page(tx, jobs::State::Waiting, None, 10).await
    }
}

#[tokio::test]
async fn a_notice_changes_the_calendar_and_has_due_days_counted_anew() {
    on_both(|world| async move {
        let (monday, saturday) = (date(2026, 3, 9), date(2026, 3, 7));
        let done =
            change_workdays(&world, 0, enter("2026-03-09 放假 调休\n2026-03-07 上班 调休"), stamp(&world))
                .await
                .expect("entered");
        assert!(!world.city().calendar.is_working(monday) && world.city().calendar.is_working(saturday));
        assert_eq!(workdays(&world).await.expect("reads"), done);
        let withdraw = WorkdaysCommand::Withdraw { no: 1, reason: "日期录错".into() };
        change_workdays(&world, 1, withdraw, stamp(&world)).await.expect("withdrawn");
        assert!(world.city().calendar.is_working(monday) && !world.city().calendar.is_working(saturday));
        let waiting = world.db.read(Due).await.expect("reads");
        assert!(waiting.iter().all(|entry| entry.job.queue == RECOMPUTE_DUE));
        let told: Vec<Recount> = waiting
            .iter()
            .rev()
            .map(|entry| serde_json::from_str(&entry.job.body).expect("a body"))
            .collect();
        assert_eq!(told[0], Recount { notice: "国办发明电〔2026〕2 号".into(), version: 1 });
        assert_eq!(told[1].notice, "撤销“国办发明电〔2026〕2 号”：日期录错");
    })
    .await;
}

#[tokio::test]
async fn a_notice_that_is_refused_leaves_neither_calendar_nor_job() {
    on_both(|world| async move {
        let nothing = WorkdaysCommand::Enter {
            source: "<script>".into(),
            issued_on: date(2026, 3, 1),
            days: Vec::new(),
        };
        let refused = change_workdays(&world, 0, nothing, stamp(&world)).await;
        assert!(
            matches!(&refused, Err(ChangeError::Refused(why)) if why == &[WorkdaysRefusal::NoDays]),
            "{refused:?}"
        );
        assert!(world.db.read(Due).await.expect("reads").is_empty());
        let stale = change_workdays(&world, 7, enter("2026-03-09 放假 调休"), stamp(&world)).await;
        assert!(matches!(stale, Err(ChangeError::Stale)));
    })
    .await;
}

#[tokio::test]
async fn whatever_is_altered_in_a_row_the_proof_says_which_kind() {
    for (alteration, kind) in [
        ("UPDATE org_office SET state = replace(state, '9:00', '8:00')", "org"),
        ("UPDATE org_office SET version = version + 1", "org"),
        ("DELETE FROM org_office", "org"),
        ("UPDATE workdays SET state = replace(state, '2026-03-09', '2026-03-10')", "calendar"),
    ] {
        on_both(|world| async move {
            let hall = hall(&world);
            let hours = Some(Hours::parse("9:00-17:00").expect("hours"));
            let wish = describe(Description { hours, ..as_it_is(&hall) });
            change_office(&world, hall.id, 0, wish, stamp(&world)).await.expect("changed");
            change_workdays(&world, 0, enter("2026-03-09 放假 调休"), stamp(&world)).await.expect("entered");
            assert!(proof::prove(&world.db).await.expect("reads").holds());
            assert_eq!(world.alter(alteration).await, 1);
            let report = proof::prove(&world.db).await.expect("reads");
            let broken: Vec<_> =
                report.kinds.iter().filter(|(_, found)| found.unproven.is_some()).map(|(k, _)| *k).collect();
            assert_eq!(broken, [kind], "{alteration}");
        })
        .await;
    }
}
