//! Several people at once, stale pages, numbers, look-up, and who sees what.

use std::collections::BTreeSet;

use domain::catalogue::Regime;
use domain::kernel::numbers::CaseNumber;
use domain::rights::Role;
use store::{Tx, Work};

use super::*;
use crate::cases::{Attachment, LookupError, by_number_and_code, files_of, grant_batch, here, read_file};
use crate::intake::IntakeError;
use crate::testing::on_both;

#[tokio::test]
async fn when_two_clerks_accept_one_case_one_does_and_the_other_reads_what_happened() {
    on_both(|w| async move {
        let city = w.ctx.city();
        let id = submitted(&w, Regime::Promised).await.cases[0].id;
        let (one, two) = (clerk(&city), staff(0x52, Role::WindowClerk, &hall(&city).path));
        let version = does(&w, &one, id, Command::Receive { materials: vec![] }).await.version;
        let go = |who: StaffActor| {
            let w = w.clone();
            async move { act_as_staff(&w.ctx, &who, id, version, Command::Accept, "t").await }
        };
        let (first, second) = tokio::join!(go(one), go(two));
        let (done, refused): (Vec<_>, Vec<_>) = [first, second].into_iter().partition(Result::is_ok);
        assert_eq!((done.len(), refused.len()), (1, 1));
        let why = refused.into_iter().find_map(Result::err).unwrap();
        assert!(matches!(why, ActError::Stale(Status::InReview)), "{why:?}");
        assert!(why.to_string().contains("现在是“办理中”") && why.to_string().contains("内容还在"));
    })
    .await;
}

#[tokio::test]
async fn a_form_from_an_old_page_changes_nothing() {
    on_both(|w| async move {
        let case = accepted(&w, Regime::Promised).await;
        let reviewer = at_step(&w.ctx.city(), &case, 0, Role::Reviewer);
        let old = act_as_staff(&w.ctx, &reviewer, case.id, case.version - 1, pass(0), "t").await;
        assert!(matches!(old, Err(ActError::Stale(_))));
        assert_eq!(record(&w, case.id).await, case);
    })
    .await;
}

#[tokio::test]
async fn a_refusal_says_why_and_what_can_be_done_instead() {
    on_both(|w| async move {
        let case = accepted(&w, Regime::Promised).await;
        let approver = at_step(&w.ctx.city(), &case, 1, Role::Approver);
        let why = acts(&w, &approver, case.id, grant()).await.unwrap_err().to_string();
        assert!(why.starts_with("不能准予：还有环节没有办完：部门审核"), "{why}");
    })
    .await;
}

#[tokio::test]
async fn numbers_are_unique_when_many_submit_at_once() {
    on_both(|w| async move {
        let mut waiting = Vec::new();
        for _ in 0..24 {
            let draft = complete_draft(&w, Regime::Immediate).await;
            let w = w.clone();
            waiting.push(tokio::spawn(async move {
                submit(&w.ctx, &Submitter::Citizen(CITIZEN), draft.id, "t").await.unwrap().cases[0].clone()
            }));
        }
        let (mut short, mut long, mut codes) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for one in waiting {
            let told = one.await.unwrap();
            assert!(told.number.parse::<CaseNumber>().is_ok());
            long.insert(record(&w, told.id).await.exchange_number);
            short.insert(told.number);
            codes.insert(told.query_code);
        }
        assert_eq!((short.len(), long.len(), codes.len()), (24, 24, 24));
        assert!(long.iter().all(|number| number.len() == 43));
    })
    .await;
}

struct UseUp(String);

impl Work for UseUp {
    type Out = ();
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        let sql = "INSERT INTO serial (scope, last) VALUES ($1, 9999)";
        tx.exec(sql, &[(&self.0).into()]).await.map(drop)
    }
}

#[tokio::test]
async fn when_the_numbers_of_an_item_are_used_up_for_the_day_the_draft_stays_and_tomorrow_it_works() {
    on_both(|w| async move {
        let draft = complete_draft(&w, Regime::Promised).await;
        let code = draft.terms(&w.ctx.city())[0].item_code.clone();
        w.ctx.db.write(UseUp(format!("exchange/{code}/2026-03-02"))).await.unwrap();
        let me = Submitter::Citizen(CITIZEN);
        let refused = submit(&w.ctx, &me, draft.id, "t").await.unwrap_err();
        assert!(matches!(refused, IntakeError::Act(ActError::Number(_))), "{refused:?}");
        assert!(refused.to_string().contains("已经用到 9999") && refused.to_string().contains("不会丢失"));
        w.clock.set("2026-03-03T01:00:00Z");
        submit(&w.ctx, &me, draft.id, "t").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn number_and_code_show_where_a_case_stands_and_five_wrong_codes_make_it_wait() {
    on_both(|w| async move {
        let told = submitted(&w, Regime::Promised).await.cases[0].clone();
        let typed = format!(" {} ", crate::cases::read_number(&told.number));
        let page = by_number_and_code(&w.ctx, &typed, &told.query_code.to_lowercase()).await.unwrap();
        assert_eq!(page.id, told.id);
        assert!(page.party.is_none() && page.answers.is_empty() && page.actions.is_empty());
        assert!(page.timeline.iter().all(|entry| entry.details.is_empty()));
        let wrong = if told.query_code.starts_with('2') { "333333" } else { "222222" };
        for _ in 0..5 {
            let refused = by_number_and_code(&w.ctx, &told.number, wrong).await.unwrap_err();
            assert!(matches!(refused, LookupError::Wrong), "{refused}");
        }
        let waits = by_number_and_code(&w.ctx, &told.number, &told.query_code).await.unwrap_err();
        assert!(matches!(waits, LookupError::Wait));
        w.clock.advance(jiff::SignedDuration::from_mins(16));
        by_number_and_code(&w.ctx, &told.number, &told.query_code).await.unwrap();
        let absent = CaseNumber::new("2026-03-02".parse().unwrap(), 999_999).unwrap();
        let refused = by_number_and_code(&w.ctx, absent.as_str(), &told.query_code).await.unwrap_err();
        assert!(matches!(refused, LookupError::Wrong), "an absent number answers like a wrong code");
    })
    .await;
}

#[tokio::test]
async fn a_case_is_seen_by_those_it_concerns_masked_and_by_nobody_else() {
    on_both(|w| async move {
        let city = w.ctx.city();
        let id = submitted(&w, Regime::Promised).await.cases[0].id;
        let other = city.halls().find(|h| !hall(&city).path.contains(&h.path)).unwrap();
        let strangers = [
            By::Citizen(CitizenId(Uuid::from_u128(0xC2))),
            By::Staff(staff(0x77, Role::WindowClerk, &other.path)),
            By::Staff(staff(0x78, Role::SystemAdministrator, &city.orgs[0].path)),
        ];
        for stranger in strangers {
            assert!(matches!(view(&w.ctx, id, &stranger).await, Err(ActError::Absent)), "{stranger:?}");
            assert!(matches!(files_of(&w.ctx, id, &stranger).await, Err(ActError::Absent)));
        }
        let page = seen(&w, id, &By::Staff(clerk(&city))).await;
        let party = page.party.unwrap();
        assert_eq!((party.name.as_str(), party.phone.contains("13800138000")), ("王*明", false));
        assert!(page.answers.iter().all(|a| a.value != "王小明" && a.value != "11010519491231002X"));
        assert!(!page.unconfirmed.is_empty(), "an example limit says that it is one");
    })
    .await;
}

#[tokio::test]
async fn a_file_of_a_case_is_read_by_its_digest_by_whoever_may_see_the_case() {
    on_both(|w| async move {
        let id = submitted(&w, Regime::Promised).await.cases[0].id;
        let me = By::Citizen(CITIZEN);
        let files: Vec<Attachment> = files_of(&w.ctx, id, &me).await.unwrap();
        let (file, bytes) = read_file(&w.ctx, id, &files[0].digest, &me).await.unwrap();
        assert_eq!((file.content_type.as_str(), bytes.as_ref()), ("image/png", PNG));
        let absent = store::files::Digest::of(b"something else");
        assert!(matches!(read_file(&w.ctx, id, &absent, &me).await, Err(ActError::Absent)));
        assert!(matches!(read_file(&w.ctx, id, &files[0].digest, &By::Code).await, Err(ActError::Absent)));
    })
    .await;
}

#[tokio::test]
async fn somebody_else_in_the_case_is_named_until_their_page_goes_silent() {
    on_both(|w| async move {
        let id = submitted(&w, Regime::Promised).await.cases[0].id;
        let (one, two) = (StaffId(Uuid::from_u128(1)), StaffId(Uuid::from_u128(2)));
        assert!(here(&w.ctx, id, one, "李窗口").await.unwrap().is_empty());
        assert_eq!(here(&w.ctx, id, two, "周窗口").await.unwrap(), ["李窗口"]);
        w.clock.advance(jiff::SignedDuration::from_secs(61));
        assert!(here(&w.ctx, id, two, "周窗口").await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_batch_grants_what_is_simple_and_names_what_is_not() {
    on_both(|w| async move {
        let city = w.ctx.city();
        let mut cases = Vec::new();
        for favourable in [true, true, false] {
            let case = accepted(&w, Regime::Promised).await;
            let reviewer = at_step(&city, &case, 0, Role::Reviewer);
            let opinion = "已核对".to_owned();
            let done = does(&w, &reviewer, case.id, Command::PassStep { step: 0, favourable, opinion }).await;
            cases.push((case.id, done.version));
        }
        let approver = at_step(&city, &record(&w, cases[0].0).await, 1, Role::Approver);
        let outcome = grant_batch(&w.ctx, &approver, &cases, "同意", "t").await.unwrap();
        assert_eq!(outcome.done, [cases[0].0, cases[1].0]);
        assert_eq!((outcome.refused[0].0, outcome.refused.len()), (cases[2].0, 1));
        assert!(outcome.refused[0].1.contains("单独办理"));
    })
    .await;
}
