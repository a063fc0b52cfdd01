//! The proof that rows are what happened, and what a new calendar would move.

use domain::catalogue::Regime;
use domain::kernel::time::{CalendarRow, DayKind, Due, WorkCalendar};
use store::{Tx, Work};

use super::*;
use crate::cases::effect_of;
use crate::testing::on_both;

struct Alter(&'static str);

impl Work for Alter {
    type Out = u64;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<u64> {
        tx.exec(self.0, &[]).await
    }
}

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
    ] {
        on_both(|w| async move {
            let id = submitted(&w, Regime::Promised).await.cases[0].id;
            assert!(crate::proof::prove(&w.ctx.db).await.expect("reads").holds(), "{alteration}");
            assert_eq!(w.ctx.db.write(Alter(alteration)).await.expect("altered"), 1, "{alteration}");
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
        let same = effect_of(&w.ctx.db, &w.ctx.city().calendar).await.expect("reads");
        assert_eq!((same.open, same.moved(), same.beyond), (2, 0, 0));
        let off = |date| CalendarRow { date, kind: DayKind::Holiday, name: "临时放假".into() };
        let days = [due, jiff::civil::date(2026, 10, 1)];
        let effect = effect_of(&w.ctx.db, &WorkCalendar::new(days.map(off))).await.expect("reads");
        assert_eq!((effect.open, effect.later, effect.earlier, effect.beyond), (2, 1, 0, 0));
        let named = &effect.named[0];
        let day = |due: Option<Due>| due.map(|due| due.date);
        assert_eq!((named.id, day(named.before)), (moved.id, Some(due)));
        assert!(day(named.after) > Some(due));
    })
    .await;
}
