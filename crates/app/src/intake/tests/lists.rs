//! Lists and figures: what waits for whom, within what a post reaches, page by page.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::cases::WorkKind;
use domain::catalogue::Regime;
use domain::rights::Role;
use jiff::SignedDuration;

use super::*;
use crate::cases::{self, After, CaseFilter, Nearness, Tallies, TaskFilter, open_cases, worklist};
use crate::testing::on_both;

async fn kinds(w: &World, who: &StaffActor) -> Vec<WorkKind> {
    let page = worklist(&w.ctx, who, &TaskFilter::default(), None, 50).await.unwrap();
    page.rows.iter().map(|row| row.kind).collect()
}

#[tokio::test]
async fn work_moves_from_the_window_to_the_department_and_back() {
    on_both(|w| async move {
        let city = w.ctx.city();
        let clerk = clerk(&city);
        let id = submitted(&w, Regime::Promised).await.cases[0].id;
        assert_eq!(kinds(&w, &clerk).await, [WorkKind::Receive]);
        does(&w, &clerk, id, Command::Receive { materials: vec![] }).await;
        assert_eq!(kinds(&w, &clerk).await, [WorkKind::Accept]);
        let case = does(&w, &clerk, id, Command::Accept).await;
        let reviewer = at_step(&city, &case, 0, Role::Reviewer);
        assert!(kinds(&w, &clerk).await.is_empty(), "the department has it");
        assert_eq!(kinds(&w, &reviewer).await, [WorkKind::Review]);
        does(&w, &reviewer, id, Command::Claim { step: 0 }).await;
        let mine = TaskFilter { mine: true, ..TaskFilter::default() };
        assert_eq!(worklist(&w.ctx, &reviewer, &mine, None, 50).await.unwrap().rows.len(), 1);
        let free = TaskFilter { unclaimed: true, ..TaskFilter::default() };
        assert!(worklist(&w.ctx, &reviewer, &free, None, 50).await.unwrap().rows.is_empty());
        does(&w, &reviewer, id, pass(0)).await;
        does(&w, &at_step(&city, &case, 1, Role::Approver), id, grant()).await;
        assert_eq!(kinds(&w, &clerk).await, [WorkKind::MakeResult]);
    })
    .await;
}

#[tokio::test]
async fn a_list_is_paged_by_due_day_without_losing_or_repeating_a_case() {
    on_both(|w| async move {
        let clerk = clerk(&w.ctx.city());
        for day in ["2026-03-02", "2026-03-03", "2026-03-03", "2026-03-04", "2026-03-05"] {
            w.clock.set(&format!("{day}T02:00:00Z"));
            submitted(&w, Regime::Promised).await;
        }
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = worklist(&w.ctx, &clerk, &TaskFilter::default(), after.as_ref(), 2).await.unwrap();
            seen.extend(page.rows.iter().map(|row| (row.case.due, row.case.id)));
            let Some(next) = page.next else { break };
            assert_eq!(
                After::from_cursor(&next.cursor()),
                Some(next.clone()),
                "a cursor survives an address"
            );
            after = Some(next);
        }
        assert_eq!(seen.len(), 5);
        assert!(seen.is_sorted());
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 5);
    })
    .await;
}

#[tokio::test]
async fn each_figure_is_as_long_as_the_list_it_opens() {
    on_both(|w| async move {
        let city = w.ctx.city();
        // Due 9, 10 and 13 March; the supervisor looks on the 10th.
        for day in ["2026-03-02", "2026-03-03", "2026-03-03", "2026-03-06"] {
            w.clock.set(&format!("{day}T02:00:00Z"));
            submitted(&w, Regime::Promised).await;
        }
        w.clock.set("2026-03-10T02:00:00Z");
        let district = hall(&city).path.parent().unwrap();
        let supervisor = staff(0x90, Role::Supervisor, &district);
        let overview = cases::overview(&w.ctx, &supervisor, None).await.unwrap();
        let found = overview.all;
        assert_eq!((found.late, found.today, found.soon, found.all()), (1, 2, 1, 4));
        for (nearness, count) in
            [(Nearness::Late, 1), (Nearness::Today, 2), (Nearness::Soon, 1), (Nearness::Calm, 0)]
        {
            let filter = CaseFilter { nearness: Some(nearness), ..CaseFilter::default() };
            let list = open_cases(&w.ctx, &supervisor, &filter, None, 50).await.unwrap();
            assert_eq!(list.rows.len(), count, "{nearness:?}");
        }
        let groups = overview.by_place;
        assert_eq!(groups.len(), 1);
        assert_eq!((groups[0].0.as_str(), groups[0].1.late), (hall(&city).region.as_str(), 1));
        let items = overview.by_item;
        let terms = crate::intake::terms_at(&city, item(&city, Regime::Promised), hall(&city).id).unwrap();
        assert_eq!(items[0].0, terms.item_code);
        let elsewhere =
            city.orgs.iter().find(|o| o.path.depth() == 1 && !o.path.contains(&hall(&city).path)).unwrap();
        let other = staff(0x91, Role::Supervisor, &elsewhere.path);
        assert_eq!(cases::overview(&w.ctx, &other, None).await.unwrap().all.all(), 0);
        let prying = cases::overview(&w.ctx, &other, Some(hall(&city).id)).await.unwrap();
        assert_eq!(prying.all.all(), 0, "a place outside the reach shows nothing");
    })
    .await;
}

#[tokio::test]
async fn what_was_counted_a_moment_ago_is_told_again_with_its_instant_and_never_to_others() {
    on_both(|mut w| async move {
        w.ctx.tallies = Arc::new(Tallies::kept_for(SignedDuration::from_secs(10)));
        let city = w.ctx.city();
        let supervisor = staff(0x90, Role::Supervisor, &hall(&city).path.parent().unwrap());
        let counted = async |who: &StaffActor, at: &str| {
            w.clock.set(&format!("2026-03-02T{at}Z"));
            let told = cases::overview(&w.ctx, who, None).await.unwrap();
            (told.all.all(), told.counted_at.to_string())
        };
        submitted(&w, Regime::Promised).await;
        assert_eq!(counted(&supervisor, "02:00:00").await, (1, "2026-03-02T02:00:00Z".to_owned()));
        submitted(&w, Regime::Promised).await;
        assert_eq!(counted(&supervisor, "02:00:09").await, (1, "2026-03-02T02:00:00Z".to_owned()));
        let elsewhere =
            city.orgs.iter().find(|o| o.path.depth() == 1 && !o.path.contains(&hall(&city).path)).unwrap();
        let other = staff(0x91, Role::Supervisor, &elsewhere.path);
        assert_eq!(counted(&other, "02:00:09").await, (0, "2026-03-02T02:00:09Z".to_owned()));
        assert_eq!(counted(&supervisor, "02:00:10").await, (2, "2026-03-02T02:00:10Z".to_owned()));
        let earlier = counted(&supervisor, "01:59:00").await;
        assert_eq!(earlier, (2, "2026-03-02T01:59:00Z".to_owned()), "the clock was set back");
    })
    .await;
}
