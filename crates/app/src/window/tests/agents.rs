//! An agent 代办员 hands in for a neighbour: same workstation, nothing to judge, and follows it to its end.

use super::*;
use crate::cases;
use crate::testing::on_both;
use domain::cases::{Channel, Status};

#[tokio::test]
async fn an_agent_hands_in_for_a_neighbour_and_the_window_judges_it() {
    on_both(|world| async move {
        // Ten minutes to midnight in Shanghai: what is handed in now is of yesterday soon.
        world.clock.set("2026-03-02T15:50:00Z");
        let (staff, cookie) = world.staff(Role::Agent, hall(&world)).await;
        let agent = Browser { world: world.clone(), staff, cookie };
        let home = agent.get("/window").await;
        assert_eq!(home.status, StatusCode::OK, "{}", home.text);
        assert!(home.text.contains("我代办的") && !home.text.contains("/window/handout"));
        assert_eq!(agent.get("/window/handout").await.status, StatusCode::NOT_FOUND);
        let tab = agent.begin(PROMISED).await;
        agent.tick(&tab).await;
        let page = agent.get(&tab).await.text;
        assert!(
            page.contains("提交申请") && !page.contains(">不予受理<") && !page.contains("补录"),
            "{page}"
        );
        let silent = agent.press(&tab, "submit", &[]).await;
        assert_eq!(
            silent.status,
            StatusCode::CONFLICT,
            "who gave the mandate has to be said: {}",
            silent.text
        );
        let told =
            [("f.mandate", "邻居王小明委托，有委托书"), ("f.contact", "吴芳"), ("f.phone", "13812345678")];
        let refused = agent.press(&tab, "accept", &told).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "an agent accepts nothing");
        let done = agent.press(&tab, "submit", &told).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let id = Browser::case(&done);
        let case = cases::find(&world.db, id).await.unwrap().unwrap();
        let channel = case.case.submission.as_ref().unwrap().channel;
        assert_eq!(
            (case.case.status, channel, case.entered_by),
            (Status::Submitted, Channel::Agent, Some(staff))
        );
        world.clock.advance(jiff::SignedDuration::from_mins(20));
        assert!(agent.get("/window").await.text.contains(&id.to_string()), "it is followed to its end");
        let clerk = Browser::clerk(&world).await;
        let seen = clerk.get(&format!("/window/cases/{id}")).await;
        assert!(seen.text.contains("接件") && seen.text.contains("代办"), "{}", seen.text);
        let stranger = Browser::clerk(&world).await;
        let (other, cookie) = world.staff(Role::Agent, hall(&world)).await;
        let other = Browser { staff: other, cookie, ..stranger };
        assert_eq!(other.get(&format!("/window/cases/{id}")).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}
