//! The proof that rows are what happened, and what a new calendar would move.

use domain::catalogue::Regime;
use domain::kernel::time::{CalendarRow, DayKind, Due, WorkCalendar};

use super::*;
use crate::cases::{MOST_LOOKED_AT, due_beyond, effect_of};
use crate::testing::on_both;

#[tokio::test]
async fn whatever_is_altered_in_a_row_the_proof_names_the_case() {
    for alteration in [
        "DELETE FROM case_record",
        "UPDATE case_record SET status = 'archived'",
        "UPDATE case_record SET is_open = 0",
        "UPDATE case_record SET handling_org = applicant",
        "UPDATE case_record SET accepting_org = applicant",
        "UPDATE case_record SET due_on = '2027-01-01'",
        "UPDATE case_record SET application = applicant",
        "UPDATE case_record SET applicant = application",
        "UPDATE case_record SET item_code = 'x'",
        "UPDATE case_record SET item_name = '别的事'",
        "UPDATE case_record SET regime = 'immediate'",
        "UPDATE case_record SET channel = 'window'",
        "UPDATE case_record SET version = version + 1",
        "UPDATE case_record SET state = replace(state, 'submitted', 'archived')",
        "DELETE FROM case_task",
        "UPDATE case_task SET holder = org",
        "UPDATE case_task SET due_on = '2027-01-01'",
        "INSERT INTO case_task (case_id, no, kind, step, org, holder, district, town, due_on) \
            SELECT case_id, 7, kind, step, org, holder, district, town, due_on FROM case_task",
    ] {
        on_both(|w| async move {
            let id = submitted(&w, Regime::Promised).await.cases[0].id;
            assert!(crate::proof::prove(&w.ctx.db).await.expect("reads").holds(), "{alteration}");
            assert_eq!(w.alter(alteration).await, 1, "{alteration}");
            let report = crate::proof::prove(&w.ctx.db).await.expect("reads");
            assert!(report.kinds.iter().any(|kind| kind.1.unproven == Some(id.uuid())), "{alteration}");
            assert!(!report.holds());
        })
        .await;
    }
}

#[tokio::test]
async fn what_a_new_holiday_would_move_is_counted_before_it_is_entered() {
    on_both(|w| async move {
        let moved = accepted(&w, Regime::Promised).await;
        submitted(&w, Regime::Promised).await;
        let due = moved.case.limits.leading().and_then(|l| l.due).unwrap().date;
        let same = effect_of(&w.ctx.db, &w.ctx.city().calendar, MOST_LOOKED_AT).await.expect("reads");
        assert_eq!((same.open, same.moved(), same.beyond), (2, 0, 0));
        let off = |date| CalendarRow { date, kind: DayKind::Holiday, name: "临时放假".into() };
        let days = [due, jiff::civil::date(2026, 10, 1)];
        let effect =
            effect_of(&w.ctx.db, &WorkCalendar::new(days.map(off)), MOST_LOOKED_AT).await.expect("reads");
        assert_eq!((effect.open, effect.later, effect.earlier, effect.beyond), (2, 1, 0, 0));
        let named = &effect.named[0];
        let day = |due: Option<Due>| due.map(|due| due.date);
        assert_eq!((named.id, day(named.before)), (moved.id, Some(due)));
        assert!(day(named.after) > Some(due));
    })
    .await;
}

#[tokio::test]
async fn a_preview_looks_at_the_first_cases_only_and_says_that_there_are_more() {
    on_both(|w| async move {
        for _ in 0..3 {
            submitted(&w, Regime::Promised).await;
        }
        let calendar = w.ctx.city().calendar.clone();
        let some = effect_of(&w.ctx.db, &calendar, 2).await.expect("reads");
        assert_eq!((some.open, some.more), (2, true));
        let all = effect_of(&w.ctx.db, &calendar, 3).await.expect("reads");
        assert_eq!((all.open, all.more), (3, false));
        assert_eq!(due_beyond(&w.ctx.db, &calendar).await, Ok(0));
        let date = jiff::civil::date(2025, 10, 1);
        let off = CalendarRow { date, kind: DayKind::Holiday, name: "国庆节".into() };
        assert_eq!(due_beyond(&w.ctx.db, &WorkCalendar::new([off])).await, Ok(3));
        assert_eq!(due_beyond(&w.ctx.db, &WorkCalendar::new([])).await, Ok(3));
    })
    .await;
}
