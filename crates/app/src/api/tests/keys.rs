//! Sent twice, done once: keys, at once and after a break, on both databases.

use super::{PNG, Program, application, town};
use crate::testing::on_both;
use axum::body::Body;
use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn the_same_request_with_the_same_key_is_answered_the_same_and_another_is_refused() {
    on_both(|world| async move {
        let (hall, other) = Program::pair(&world).await;
        let city = world.city();
        let place = town(&city);
        let wish = application(&world);
        let (status, headers, first) = hall.post("/api/v1/applications", "k", &wish).await;
        assert_eq!(status, StatusCode::CREATED, "{first}");
        assert!(!headers.contains_key("idempotency-replayed"));
        let (status, headers, again) = hall.post("/api/v1/applications", "k", &wish).await;
        assert_eq!((status, &again), (StatusCode::CREATED, &first));
        assert_eq!(headers["idempotency-replayed"], "true");
        let mut changed = wish.clone();
        changed["form"]["delivery"] = json!("electronic");
        let (status, _, refused) = hall.post("/api/v1/applications", "k", &changed).await;
        assert_eq!(
            (status, refused["type"].as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, Some("/problems/key_reused"))
        );
        let (status, _, own) = other.post("/api/v1/applications", "k", &changed).await;
        assert_eq!(status, StatusCode::CREATED, "keys of different clients do not meet");
        assert_ne!(own, first);
        let drafts = hall.reads("/api/v1/applications").await;
        assert_eq!(drafts["applications"].as_array().unwrap().len(), 1);
        world.clock.advance(SignedDuration::from_hours(25));
        let hall = Program::of(&world, place, domain::identity::ClientScope::ALL).await;
        let (status, ..) = hall.post("/api/v1/applications", "k", &changed).await;
        assert_eq!(status, StatusCode::CREATED);
        assert_eq!(super::super::forget_old(&world).await.unwrap(), 2, "both of yesterday");
    })
    .await;
}

#[tokio::test]
async fn two_posts_at_once_make_one() {
    on_both(|world| async move {
        let (hall, _) = Program::pair(&world).await;
        let wish = application(&world);
        let all = (0..6).map(|_| hall.post("/api/v1/applications", "same", &wish));
        let answers = futures_util::future::join_all(all).await;
        let same = |(status, _, value): &(_, _, _)| *status == StatusCode::CREATED && value == &answers[0].2;
        assert!(answers.iter().all(same), "{answers:?}");
        let first = answers.iter().filter(|(_, headers, _)| !headers.contains_key("idempotency-replayed"));
        assert_eq!(first.count(), 1, "one was carried out, the others are told of it");
        let drafts = hall.reads("/api/v1/applications").await;
        assert_eq!(drafts["applications"].as_array().unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn of_one_action_sent_many_times_at_once_all_are_told_what_the_one_did() {
    on_both(|world| async move {
        let (hall, _) = Program::pair(&world).await;
        let id = hall.begins().await;
        let submit = format!("/api/v1/applications/{id}/submit");
        let (_, _, receipt) = hall.send("POST", &submit, "s", "", Body::empty()).await;
        let case = receipt["cases"][0]["id"].as_str().unwrap();
        let path = format!("/api/v1/cases/{case}/actions/receive");
        let body = json!({"version": 1});
        let answers = futures_util::future::join_all((0..6).map(|_| hall.post(&path, "r", &body))).await;
        for (status, _, value) in &answers {
            assert_eq!((*status, value["version"].as_i64()), (StatusCode::OK, Some(2)), "{value}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_action_and_a_submission_that_were_not_answered_are_told_again_and_not_done_again() {
    on_both(|world| async move {
        let (hall, _) = Program::pair(&world).await;
        let id = hall.begins().await;
        let submit = format!("/api/v1/applications/{id}/submit");
        let (_, _, first) = hall.send("POST", &submit, "s", "", Body::empty()).await;
        let (status, headers, again) = hall.send("POST", &submit, "s", "", Body::empty()).await;
        assert_eq!((status, &again), (StatusCode::OK, &first));
        assert_eq!(headers["idempotency-replayed"], "true");
        let case = first["cases"][0]["id"].as_str().unwrap();
        let path = format!("/api/v1/cases/{case}/actions/receive");
        let body = json!({"version": 1});
        let (status, _, done) = hall.post(&path, "r", &body).await;
        assert_eq!((status, done["version"].as_i64()), (StatusCode::OK, Some(2)));
        hall.acts(case, "withdraw", json!({"reason": "申请人不办了"})).await;
        let (status, _, told) = hall.post(&path, "r", &body).await;
        assert_eq!((status, told), (StatusCode::OK, done), "as it was then, although the case has gone on");
        let (status, _, stale) = hall.post(&path, "r2", &body).await;
        assert_eq!((status, stale["type"].as_str()), (StatusCode::CONFLICT, Some("/problems/stale")));
        let fixed = hall.reads(&format!("/api/v1/cases/{case}")).await;
        assert_eq!(fixed["status"], "withdrawn");
    })
    .await;
}

#[tokio::test]
async fn a_refused_request_leaves_its_key_free_and_a_file_sent_twice_lies_there_once() {
    on_both(|world| async move {
        let (hall, _) = Program::pair(&world).await;
        let mut wish = application(&world);
        wish["applicant"]["document"] = json!("110105194912310021");
        let (status, _, refused) = hall.post("/api/v1/applications", "k", &wish).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused["errors"][0]["field"], "applicant.document", "{refused}");
        wish["applicant"]["document"] = json!("11010519491231002X");
        let (status, _, made) = hall.post("/api/v1/applications", "k", &wish).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        let draft = hall.reads(&format!("/api/v1/applications/{}", made["id"].as_str().unwrap())).await;
        let code = draft["materials"][0]["code"].as_str().unwrap();
        let path = format!("/api/v1/applications/{}/materials/{code}", made["id"].as_str().unwrap());
        let send = || hall.send("POST", &path, "f", "image/png", Body::from(PNG));
        let (first, second) = (send().await, send().await);
        assert_eq!((first.0, &first.2), (StatusCode::CREATED, &second.2));
        let draft = hall.reads(&format!("/api/v1/applications/{}", made["id"].as_str().unwrap())).await;
        assert_eq!(draft["materials"][0]["files"].as_array().unwrap().len(), 1);
        let file = first.2["id"].as_str().unwrap();
        let gone = format!("/api/v1/applications/{}/files/{file}", made["id"].as_str().unwrap());
        assert_eq!(hall.send("DELETE", &gone, "", "", Body::empty()).await.0, StatusCode::NO_CONTENT);
    })
    .await;
}
