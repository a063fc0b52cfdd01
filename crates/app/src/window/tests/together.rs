//! Several matters at the counter in one go: added, taken out, each with its own reasons, accepted together.

use super::*;
use crate::cases::{self, CaseRecord};
use crate::testing::on_both;
use domain::cases::Status;

/// 失业登记: promised, a question of its own.
const WORK: &str = "138";
/// 单位参保登记: for firms only.
const FIRM: &str = "163";

/// Two items that need one paper in common, an account, and others of their own.
const BANK: [&str; 2] = ["106", "182"];

/// The cases of the clerk, by the numbers of their items.
async fn made(clerk: &Browser) -> Vec<(u16, CaseRecord)> {
    let (rows, _) = cases::entered_by(&clerk.world, clerk.staff, None, 20).await.unwrap();
    let mut all = Vec::new();
    for row in rows {
        let record = cases::find(&clerk.world.db, row.id).await.unwrap().unwrap();
        let item = record.case.terms().unwrap().item;
        all.push((clerk.world.city().item(item).unwrap().seq, record));
    }
    all.sort_by_key(|(seq, _)| *seq);
    all
}

fn statuses(all: &[(u16, CaseRecord)]) -> Vec<(u16, Status)> {
    all.iter().map(|(seq, record)| (*seq, record.case.status)).collect()
}

/// The panel that says why it cannot be accepted yet.
fn panel(page: &Answer) -> &str {
    page.text.split("id=\"why\"").nth(1).unwrap().split("</section>").next().unwrap()
}

async fn several(world: &World, items: &[&str]) -> (Browser, String) {
    let clerk = Browser::clerk(world).await;
    let tab = clerk.begin(items[0]).await;
    for item in &items[1..] {
        let added = clerk.press(&tab, &format!("item:{item}"), &[]).await;
        assert_eq!(added.to(), format!("{tab}#item"), "{}", added.text);
    }
    (clerk, tab)
}

#[tokio::test]
async fn one_press_makes_one_application_with_a_case_for_each_item() {
    on_both(|world| async move {
        let (clerk, tab) = several(&world, &[PROMISED, WORK]).await;
        let page = clerk.get(&tab).await;
        assert!(page.text.contains("一起办 2 件事") && page.text.contains("2 件都用<"), "{}", page.text);
        clerk.tick(&tab).await;
        let done = clerk.press(&tab, "accept", &[]).await;
        assert_eq!(done.to(), format!("{tab}/done"), "{}", done.text);
        let made = made(&clerk).await;
        assert_eq!(statuses(&made), [(138, Status::InReview), (157, Status::InReview)]);
        let application = |at: usize| made[at].1.case.submission.as_ref().unwrap().application;
        assert_eq!(application(0), application(1));
        let receipt = clerk.get(done.to()).await;
        for (_, record) in &made {
            let number = cases::read_number(&record.number);
            assert!(receipt.text.contains(&number), "{number}: {}", receipt.text);
            let case = clerk.get(&format!("/window/cases/{}", record.id)).await;
            assert!(case.text.contains("同一次申请还有"), "{}", case.text);
        }
        assert_eq!(receipt.text.matches("class=\"c-code\">").count(), 2, "a query code for each");
        assert!(!receipt.text.contains(NUMBER) && receipt.text.contains("data-print"));
        assert_eq!(clerk.get(&tab).await.to(), format!("{tab}/done"), "the closed tab leads there");
    })
    .await;
}

#[tokio::test]
async fn a_form_of_several_items_sent_twice_is_one_application() {
    on_both(|world| async move {
        let (clerk, tab) = several(&world, &[PROMISED, WORK]).await;
        clerk.tick(&tab).await;
        let page = clerk.get(&tab).await;
        let (mark, version) = (page.hidden("page"), page.hidden("version"));
        let form = [("page", mark.as_str()), ("version", version.as_str()), ("do", "accept")];
        let (first, second) = tokio::join!(clerk.post(&tab, &form), clerk.post(&tab, &form));
        let third = clerk.post(&tab, &form).await;
        for answer in [first, second, third] {
            assert_eq!(answer.to(), format!("{tab}/done"), "{}", answer.text);
        }
        assert_eq!(statuses(&made(&clerk).await), [(138, Status::InReview), (157, Status::InReview)]);
    })
    .await;
}

#[tokio::test]
async fn each_item_says_what_it_lacks_and_each_question_who_asks_it() {
    on_both(|world| async move {
        let (clerk, tab) = several(&world, &BANK).await;
        let page = clerk.get(&tab).await;
        let why = panel(&page);
        let (all, own) =
            why.split_once("<h3 class=\"zw-small mt2\">“").expect("items with reasons of their own");
        assert!(all.contains("2 件都要") && all.contains("缺“银行卡（社保卡）账号”"), "{why}");
        assert!(!own.contains("银行卡") && own.contains('缺'), "what both lack is said once: {why}");
        assert!(page.text.contains("2 件都用，只收一次"), "the account is taken once");
        assert!(page.text.contains("办“") && page.text.contains("”要填"), "the question of one says which");
        assert!(page.text.contains("还差"), "the list of items says it too");
        clerk.tick(&tab).await;
        let page = clerk.get(&tab).await;
        assert!(page.text.contains("可以受理") && !page.text.contains("还差"), "{}", panel(&page));
    })
    .await;
}

#[tokio::test]
async fn an_item_comes_in_once_goes_out_again_and_the_last_one_is_exchanged() {
    on_both(|world| async move {
        let (clerk, tab) = several(&world, &[PROMISED, WORK, WORK]).await;
        let list = |page: &Answer| page.text.matches("value=\"leave:").count();
        assert_eq!(list(&clerk.get(&tab).await), 2, "twice the same is once");
        clerk.press(&tab, "leave:157", &[]).await;
        let page = clerk.get(&tab).await;
        assert_eq!(list(&page), 1);
        assert!(
            page.text.contains("换事项") && !page.text.contains("办“失业登记”要填"),
            "alone nobody asks who"
        );
        clerk.tick(&tab).await;
        let done = clerk.press(&tab, "accept", &[]).await;
        Browser::case(&done);
        assert_eq!(statuses(&made(&clerk).await), [(138, Status::InReview)]);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_go_together_is_not_added_and_says_why() {
    on_both(|world| async move {
        let (clerk, tab) = several(&world, &[PROMISED]).await;
        for (no, say) in [
            (FIRM, "由单位申请，请给单位另开一件"),
            ("999", "没有这个事项"),
            ("<b>", "没有这个事项"),
            ("", "没有这个事项"),
        ] {
            let refused = clerk.press(&tab, &format!("item:{no}"), &[("memo", "先放着")]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(refused.text.contains(say) && refused.text.contains("先放着"), "{no}: {}", refused.text);
        }
        for no in 1..=30 {
            clerk.press(&tab, &format!("item:{no}"), &[]).await;
        }
        let page = clerk.get(&tab).await;
        assert!(page.text.matches("value=\"leave:").count() <= 10);
        let gone = clerk.press(&tab, "leave:<script>", &[]).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER, "what is not there is out already");
    })
    .await;
}

#[tokio::test]
async fn a_page_that_was_overtaken_adds_nothing_and_accepts_nothing() {
    on_both(|world| async move {
        let (clerk, tab) = several(&world, &[PROMISED, WORK]).await;
        clerk.tick(&tab).await;
        let old = clerk.get(&tab).await;
        let (mark, version) = (old.hidden("page"), old.hidden("version"));
        clerk.press(&tab, "leave:138", &[]).await;
        for word in ["accept", "item:125"] {
            let form = [("page", mark.as_str()), ("version", version.as_str()), ("do", word)];
            let late = clerk.post(&tab, &form).await;
            assert_eq!(late.status, StatusCode::CONFLICT, "{word}");
        }
        assert!(made(&clerk).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_is_done_at_once_is_finished_and_the_rest_accepted_in_the_same_go() {
    on_both(|world| async move {
        let (clerk, tab) = several(&world, &[AT_ONCE, PROMISED]).await;
        clerk.tick(&tab).await;
        let led = clerk.press(&tab, "at_once", &[]).await;
        assert_eq!(led.to(), format!("{tab}/do/at_once"), "{}", led.text);
        let page = clerk.get(led.to()).await;
        assert!(page.text.contains("“社会保障卡申请”不是当场办的，同时受理"), "{}", page.text);
        let form = [("opinion", "同意"), ("document_no", "常生育〔2026〕1号"), ("how", "electronic")];
        let done = clerk.post(led.to(), &form).await;
        assert_eq!(done.to(), format!("{tab}/done"), "{}", done.text);
        assert_eq!(statuses(&made(&clerk).await), [(101, Status::Delivered), (157, Status::InReview)]);
    })
    .await;
}

#[tokio::test]
async fn only_the_item_that_lacks_something_gets_the_notice() {
    on_both(|world| async move {
        let (clerk, tab) = several(&world, &[UPWARDS, PROMISED]).await;
        let page = clerk.get(&tab).await;
        // Everything lies there but what only the second item asks for.
        let own = page.text.split("社会保障卡申领登记表").next().unwrap();
        let own = own.rsplit("id=\"m-").next().unwrap().split('"').next().unwrap();
        let paper = format!("id=\"paper-{own}\" name=\"paper.");
        let lacking = page.text.split(&paper).nth(1).unwrap().split('"').next().unwrap().to_owned();
        clerk.tick(&tab).await;
        let out = format!("copies.{lacking}");
        clerk.press(&tab, "save", &[(out.as_str(), "1")]).await;
        let page = clerk.get(&tab).await;
        assert!(panel(&page).contains("“社会保障卡申请”"), "{}", panel(&page));
        let path = format!("{tab}/do/notice");
        let asked = clerk.get(&path).await;
        assert!(asked.text.contains("康复救助申请”的材料齐全，同时受理"), "{}", asked.text);
        let ask = format!("ask.{lacking}");
        let done = clerk.post(&path, &[(ask.as_str(), "请补交"), ("until", "2026-03-16")]).await;
        assert_eq!(done.to(), format!("{tab}/done"), "{}", done.text);
        assert_eq!(statuses(&made(&clerk).await), [(157, Status::Correcting), (167, Status::InReview)]);
    })
    .await;
}

#[tokio::test]
async fn one_of_several_is_turned_away_and_the_others_go_on() {
    on_both(|world| async move {
        let (clerk, tab) = several(&world, &[PROMISED, WORK]).await;
        clerk.tick(&tab).await;
        let path = format!("{tab}/do/refuse");
        let reason = [("reason", "不归本机关管"), ("competent", "常州市民政局")];
        let which = clerk.post(&path, &reason).await;
        assert_eq!(which.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(which.text.contains("请勾选要不予受理的是哪一件"), "{}", which.text);
        let item = world.city().item_by_seq(138).unwrap().id.to_string();
        let form = [("which", item.as_str()), reason[0], reason[1]];
        let done = clerk.post(&path, &form).await;
        assert_eq!(done.to(), format!("{tab}/done"), "{}", done.text);
        assert_eq!(statuses(&made(&clerk).await), [(138, Status::Refused), (157, Status::InReview)]);
    })
    .await;
}

#[tokio::test]
async fn the_receipt_is_its_clerks_alone() {
    on_both(|world| async move {
        let (clerk, tab) = several(&world, &[PROMISED, WORK]).await;
        assert_eq!(clerk.get(&format!("{tab}/done")).await.to(), tab, "before there is one the tab is shown");
        clerk.tick(&tab).await;
        clerk.press(&tab, "accept", &[]).await;
        let other = Browser::clerk(&world).await;
        assert_eq!(other.get(&format!("{tab}/done")).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}
