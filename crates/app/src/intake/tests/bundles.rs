//! 一件事: several items in one application, what cannot go together, and the answers to items' own questions.

use domain::cases::Applicant;
use domain::kernel::{ItemId, LegalPersonId};

use super::*;
use crate::cases::find;
use crate::intake::{IntakeError, Problem, apart, check, companions};
use crate::testing::on_both;

const ME: Owner = Owner::Citizen(CITIZEN);

fn no(city: &City, seq: u16) -> ItemId {
    city.item_by_seq(seq).expect("an item of the list").id
}

async fn begun(w: &World, seq: u16) -> Draft {
    let city = w.ctx.city();
    start(&w.ctx, ME, starting(vec![no(&city, seq)], Some(hall(&city).id))).await.unwrap()
}

async fn joins(w: &World, draft: &Draft, seq: u16) -> Result<Draft, IntakeError> {
    let join = Some(no(&w.ctx.city(), seq));
    save(&w.ctx, ME, draft.id, Saving { join, ..Saving::default() }).await
}

fn told(problems: &[Problem], field: &str) -> String {
    problems.iter().find(|p| p.field == field).map(|p| p.say.clone()).unwrap_or_default()
}

#[tokio::test]
async fn a_matter_can_come_in_and_go_out_again_until_the_application_is_handed_in() {
    on_both(|w| async move {
        let draft = begun(&w, 157).await;
        let draft = joins(&w, &draft, 138).await.unwrap();
        let draft = joins(&w, &draft, 125).await.unwrap();
        assert_eq!(draft.items.len(), 3);
        let part = Saving { part: Some(no(&w.ctx.city(), 157)), ..Saving::default() };
        let draft = save(&w.ctx, ME, draft.id, part).await.unwrap();
        let receipt = submit(&w.ctx, &Submitter::Citizen(CITIZEN), draft.id, "t").await.unwrap();
        let names: Vec<&str> = receipt.cases.iter().map(|told| told.item_name.as_str()).collect();
        assert_eq!(names, ["失业登记", "住房公积金个人账户查询"]);
        let late = joins(&w, &draft, 157).await.unwrap_err();
        assert!(matches!(late, IntakeError::Submitted));
        let found = find(&w.ctx.db, receipt.cases[1].id).await.unwrap().unwrap();
        assert_eq!(found.case.submission.unwrap().application, receipt.application);
    })
    .await;
}

#[tokio::test]
async fn the_last_matter_stays_and_two_pages_that_add_at_once_both_do() {
    on_both(|w| async move {
        let draft = begun(&w, 157).await;
        let part = Saving { part: Some(draft.items[0]), ..Saving::default() };
        assert_eq!(save(&w.ctx, ME, draft.id, part).await.unwrap().items.len(), 1);
        let (a, b) = tokio::join!(joins(&w, &draft, 138), joins(&w, &draft, 125));
        assert!(a.is_ok() && b.is_ok());
        let now = crate::intake::open(&w.ctx, ME, draft.id).await.unwrap();
        assert_eq!(now.items.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_go_together_says_why_and_changes_nothing() {
    on_both(|w| async move {
        let draft = begun(&w, 157).await;
        for (seq, sentence) in [
            (157, "已经在这次申请里"),
            (84, "不能在网上申请，请到就近的服务大厅"),
            (163, "由单位申请，请换单位账号"),
        ] {
            let refused = joins(&w, &draft, seq).await.unwrap_err();
            assert!(refused.to_string().contains(sentence), "{seq}: {refused}");
        }
        assert_eq!(crate::intake::open(&w.ctx, ME, draft.id).await.unwrap().items.len(), 1);
        let city = w.ctx.city();
        let items = [city.item_by_seq(157).unwrap(), city.item_by_seq(163).unwrap()];
        let firm = Applicant::Firm { id: LegalPersonId(Uuid::from_u128(0xF1)), by: CITIZEN };
        assert!(apart(&items, Channel::Online, Some(firm)).unwrap().contains("由个人申请"));
        assert!(apart(&items, Channel::Window, None).unwrap().contains("请分开申请"));
        let many: Vec<_> = city.items.iter().take(11).collect();
        assert!(apart(&many, Channel::Window, None).unwrap().contains("最多一起办 10 件事"));
        let wish = starting(items.iter().map(|item| item.id).collect(), None);
        assert!(matches!(start(&w.ctx, ME, wish).await.unwrap_err(), IntakeError::Apart(_)));
    })
    .await;
}

#[tokio::test]
async fn what_is_proposed_can_go_along_and_has_something_in_common() {
    on_both(|w| async move {
        let draft = begun(&w, 141).await;
        let city = w.ctx.city();
        let found = companions(&city, &draft, 4);
        assert!(!found.is_empty() && found.len() <= 4);
        for item in found {
            joins(&w, &draft, item.seq).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn an_items_own_questions_are_checked_by_its_schema_in_plain_words() {
    on_both(|w| async move {
        let draft = begun(&w, 88).await;
        assert_eq!(told(&check(&w.ctx, &draft), "living_ground"), "请选择：您符合哪一个条件");
        let draft = fills(&w, &draft, "living_ground", "castle").await;
        assert_eq!(told(&check(&w.ctx, &draft), "living_ground"), "您符合哪一个条件：请从列出的选项里选一个");
        let draft = fills(&w, &draft, "living_ground", "work").await;
        for (typed, sentence) in [
            ("去年", "从哪天起住在本市要写年、月、日"),
            ("2026-02-30", "从哪天起住在本市要写年、月、日"),
            ("2026-03-03", "从哪天起住在本市不能晚于今天"),
            ("2026-03-02", ""),
        ] {
            let draft = fills(&w, &draft, "living_since", typed).await;
            let say = told(&check(&w.ctx, &draft), "living_since");
            assert!(
                if sentence.is_empty() { say.is_empty() } else { say.starts_with(sentence) },
                "{typed}: {say}"
            );
        }
        let id = submit(&w.ctx, &Submitter::Citizen(CITIZEN), draft.id, "t").await.unwrap().cases[0].id;
        let page = seen(&w, id, &By::Citizen(CITIZEN)).await;
        let answer = page.answers.iter().find(|answer| answer.name == "living_ground").unwrap();
        assert_eq!(
            (answer.label.as_str(), answer.value.as_str()),
            ("您符合哪一个条件", "在这里有合法稳定就业")
        );
    })
    .await;
}

#[tokio::test]
async fn numbers_and_patterns_of_a_schema_are_checked_and_what_is_not_asked_is_not() {
    on_both(|w| async move {
        let draft = begun(&w, 127).await;
        let wrong = |field: &'static str, typed: &'static str| {
            let (w, draft) = (w.clone(), draft.clone());
            async move {
                let draft = fills(&w, &draft, field, typed).await;
                told(&check(&w.ctx, &draft), field)
            }
        };
        assert_eq!(wrong("rent", "很贵").await, "", "nobody was asked for the rent");
        fills(&w, &draft, "rented", "market").await;
        assert_eq!(wrong("rent", "很贵").await, "每月租金要填数字，例如 1800");
        assert_eq!(wrong("rent", "-1").await, "每月租金（元）不能小于 0，请核对");
        assert_eq!(wrong("rent", "1,800.50").await, "");
        assert!(wrong("bank_account", "6222 0000").await.contains("12 到 23 位数字"));
        assert_eq!(wrong("bank_account", "6222000011112222").await, "");
        let draft = begun(&w, 179).await;
        let draft = fills(&w, &draft, "household", "三").await;
        assert_eq!(told(&check(&w.ctx, &draft), "household"), "人数要填整数，例如 3");
    })
    .await;
}
