//! 诚信记录: what follows when a promise turns out false, or what was to come later does not come.

use domain::cases::{TerminationGround, TrustRefusal};
use domain::kernel::FileId;

use super::*;
use crate::cases::{TrustError, distrust, may_promise, open_distrust, repair_trust, store_file};
use crate::proof::prove;
use crate::testing::on_both;

/// Received without anything handed in, of an item that offers a promise instead of a proof.
async fn lacking(w: &World) -> CaseRecord {
    let city = w.ctx.city();
    let offers = |item: &&Item| {
        super::super::terms_at(&city, item, hall(&city).id).is_some_and(|terms| terms.commitment_allowed)
            && item.guide.process.audience.contains(&Audience::NaturalPerson)
    };
    for item in city.items.iter().filter(offers) {
        let wish = starting(vec![item.id], Some(hall(&city).id));
        let draft = start(&w.ctx, Owner::Citizen(CITIZEN), wish).await.expect("a draft begins");
        // Some items ask questions of their own.
        if super::super::check(&w.ctx, &draft).iter().any(|problem| problem.blocks) {
            continue;
        }
        let receipt = submit(&w.ctx, &Submitter::Citizen(CITIZEN), draft.id, "t").await.expect("submitted");
        return does(w, &clerk(&city), receipt.cases[0].id, Command::Receive { materials: vec![] }).await;
    }
    panic!("no item takes a promise for a proof")
}

/// A promise as it was scanned.
async fn signed(w: &World) -> FileId {
    store_file(&w.ctx, "承诺书.png", PNG.into()).await.expect("is taken").id
}

pub async fn on_promise(w: &World) -> CaseRecord {
    let case = lacking(w).await;
    let promise = signed(w).await;
    does(w, &clerk(&w.ctx.city()), case.id, Command::AcceptOnCommitment { promise }).await
}

fn supervisor(city: &City) -> StaffActor {
    staff(0x99, Role::Supervisor, &city.orgs.first().expect("an organisation").path)
}

#[tokio::test]
async fn a_broken_promise_excludes_from_promises_until_it_is_repaired() {
    on_both(|w| async move {
        let city = w.ctx.city();
        let (watch, stranger) = (supervisor(&city), clerk(&city));
        let case = on_promise(&w).await;
        let applicant = case.case.submission.as_ref().unwrap().applicant;
        let absent = distrust(&w.ctx, &stranger, case.id, "核查不符", "t").await;
        assert!(matches!(absent, Err(TrustError::Absent)), "a clerk supervises nothing");
        distrust(&w.ctx, &watch, case.id, "核查不符", "t").await.unwrap();
        assert!(!seen(&w, case.id, &By::Citizen(CITIZEN)).await.trusted);
        assert!(!may_promise(&w.ctx, applicant).await.unwrap());
        let (open, more) = open_distrust(&w.ctx, &watch, Uuid::nil(), 50).await.unwrap();
        assert_eq!((open.len(), open[0].case, open[0].party, more), (1, case.id, CITIZEN.uuid(), None));
        assert!(open_distrust(&w.ctx, &stranger, Uuid::nil(), 50).await.unwrap().0.is_empty());
        let next = lacking(&w).await;
        let promise = Command::AcceptOnCommitment { promise: signed(&w).await };
        let refused = acts(&w, &clerk(&city), next.id, promise.clone()).await.unwrap_err().to_string();
        assert!(refused.contains("未修复的失信"), "{refused}");
        repair_trust(&w.ctx, &watch, case.id, "已经主动纠正", "t").await.unwrap();
        does(&w, &clerk(&city), next.id, promise).await;
        let again = repair_trust(&w.ctx, &watch, case.id, "再修复一次", "t").await;
        assert!(matches!(again, Err(TrustError::Refused(TrustRefusal::NotOpen))));
        assert!(prove(&w.ctx.db).await.unwrap().holds(), "each step stands in the journal");
    })
    .await;
}

#[tokio::test]
async fn a_case_that_ends_because_its_promise_was_false_gets_its_record_by_itself() {
    on_both(|w| async move {
        let city = w.ctx.city();
        let case = on_promise(&w).await;
        let end = Command::Terminate {
            ground: TerminationGround::CommitmentFalse,
            reason: "承诺的收入与核查结果不符".into(),
        };
        does(&w, &supervisor(&city), case.id, end).await;
        let (open, _) = open_distrust(&w.ctx, &supervisor(&city), Uuid::nil(), 50).await.unwrap();
        assert_eq!(open.len(), 1);
        assert_eq!(open[0].reason, "承诺的收入与核查结果不符");
        assert!(prove(&w.ctx.db).await.unwrap().holds());
    })
    .await;
}

#[tokio::test]
async fn a_case_that_rests_on_no_promise_gives_no_record() {
    on_both(|w| async move {
        let case = accepted(&w, Regime::Promised).await;
        let refused = distrust(&w.ctx, &supervisor(&w.ctx.city()), case.id, "想登记", "t").await;
        assert!(matches!(refused, Err(TrustError::Refused(TrustRefusal::NoPromise))));
    })
    .await;
}
