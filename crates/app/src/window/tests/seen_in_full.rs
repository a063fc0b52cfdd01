//! What is masked is seen in full only with a reason, the reason stands in the journal, and papers are brought once.

use super::*;
use crate::cases;
use crate::testing::on_both;
use store::journal::{self, Stream};
use store::{Tx, Work};

struct Told(Uuid);

impl Work for Told {
    type Out = Vec<(String, String)>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        let all = journal::read(tx, Stream { kind: "person", id: self.0 }, 0, 100).await?;
        Ok(all.into_iter().map(|entry| (entry.event.kind, entry.event.body_json)).collect())
    }
}

#[tokio::test]
async fn a_clerk_sees_number_phone_and_address_after_a_reason_that_is_journaled() {
    on_both(|world| async move {
        let clerk = Browser::clerk(&world).await;
        let tab = clerk.begin(PROMISED).await;
        let secrets = [NUMBER, "13812345678", "红梅新村", "王小明"];
        let hidden = |page: &Answer| secrets.iter().all(|secret| !page.text.contains(secret));
        let silent = clerk.press(&tab, "reveal", &[("reason", " ")]).await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(silent.text.contains("请写明为什么") && hidden(&silent), "{}", silent.text);
        let seen = clerk.press(&tab, "reveal", &[("reason", "核对身份证原件")]).await;
        assert_eq!(seen.status, StatusCode::OK);
        assert!(secrets.iter().all(|secret| seen.text.contains(secret)), "{}", seen.text);
        assert_eq!(seen.headers["cache-control"], "no-store");
        assert!(hidden(&clerk.get(&tab).await), "the next look is masked again");
        clerk.tick(&tab).await;
        let id = Browser::case(&clerk.press(&tab, "accept", &[]).await);
        let here = format!("/window/cases/{id}");
        let silent = clerk.post(&here, &[("do", "reveal"), ("reason", "")]).await;
        assert!(silent.text.contains("请写明为什么") && hidden(&silent), "{}", silent.text);
        let seen = clerk.post(&here, &[("do", "reveal"), ("reason", "电话通知补材料")]).await;
        assert!(secrets[..3].iter().all(|secret| seen.text.contains(secret)), "{}", seen.text);
        let record = cases::find(&world.db, id).await.unwrap().unwrap();
        let person = record.case.submission.as_ref().unwrap().applicant.person().uuid();
        let told = world.db.read(Told(person)).await.unwrap();
        let reasons: Vec<&str> =
            told.iter().filter(|(kind, _)| kind == "revealed").map(|(_, body)| body.as_str()).collect();
        assert_eq!(reasons.len(), 2, "{told:?}");
        assert!(reasons[0].contains("核对身份证原件") && reasons[1].contains("电话通知补材料"));
    })
    .await;
}

#[tokio::test]
async fn a_paper_that_was_brought_before_is_taken_over_with_one_press() {
    on_both(|world| async move {
        let clerk = Browser::clerk(&world).await;
        let tab = clerk.begin(PROMISED).await;
        let page = clerk.get(&tab).await;
        assert!(!page.text.contains("用以前交过的"), "nothing was brought yet");
        let code = page.text.split("name=\"copies.").nth(1).unwrap().split('"').next().unwrap().to_owned();
        clerk.upload(&format!("{tab}/upload/{code}"), (&format!("file.{code}"), "申请表.png", PNG)).await;
        Browser::case(&clerk.press(&tab, "accept", &[]).await);
        let tab = clerk.begin(PROMISED).await;
        let page = clerk.get(&tab).await;
        assert!(page.text.contains("用以前交过的 1 份") && page.text.contains("还不能受理"), "{}", page.text);
        let taken = clerk.press(&tab, "reuse", &[]).await;
        assert_eq!(taken.to(), format!("{tab}#mt"), "{}", taken.text);
        let page = clerk.get(&tab).await;
        assert!(page.text.contains("申请表.png") && page.text.contains("可以受理"), "{}", page.text);
        assert!(!page.text.contains("用以前交过的"));
        let second = Browser::case(&clerk.press(&tab, "accept", &[]).await);
        let record = cases::find(&world.db, second).await.unwrap().unwrap();
        assert_eq!(record.case.materials[0].files.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_next_paper_to_scan_moves_on_without_loading_the_page_anew() {
    on_both(|world| async move {
        let clerk = Browser::clerk(&world).await;
        let tab = clerk.begin(UPWARDS).await;
        let page = clerk.get(&tab).await;
        assert!(
            page.text.contains("data-next-row=\"m-1\"") && page.text.contains("扫描第 1 份"),
            "{}",
            page.text
        );
        let code = page.text.split("name=\"copies.").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let (tick, copies) = (format!("paper.{code}"), format!("copies.{code}"));
        clerk.press(&tab, "save", &[(&tick, "1"), (&copies, "1")]).await;
        let state = clerk.get(&format!("{tab}/state")).await;
        assert!(
            state.text.contains("data-next-row=\"m-2\"") && state.text.contains("扫描第 2 份"),
            "{}",
            state.text
        );
        assert!(state.text.contains("id=\"scan\"") && !state.text.contains("扫描第 1 份"));
    })
    .await;
}
