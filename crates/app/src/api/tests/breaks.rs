//! A node that breaks off in the middle: what was committed is told, what was not is carried out again.

use super::super::ask::Sender;
use super::super::once::{Outcome, once};
use crate::Ctx;
use crate::identity::clients::{self, Client};
use crate::intake::{self, Owner, Starting};
use crate::testing::{World, on_both};
use crate::web::Fault;
use axum::http::StatusCode;
use domain::cases::Channel;
use domain::identity::{ClientScope, client_actor};
use domain::kernel::StaffId;
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

/// Long enough for what is carried out before the break.
const BREAK: Duration = Duration::from_millis(1500);

async fn sender(world: &World) -> Sender {
    let org = world.city().orgs[0].clone();
    let (id, _) = world.client(org.id, ClientScope::ALL).await;
    let record = clients::find(world, id).await.unwrap().unwrap();
    let client = Client {
        id,
        name: record.client.name,
        org: org.id,
        actor: client_actor(id, &org.path, &record.client.scopes),
        at: org.path,
        scopes: record.client.scopes,
        per_second: 1,
        per_day: 1,
    };
    Sender { client, key: "k".to_owned(), print: vec![1] }
}

/// Begins an application, as the handler does.
async fn begin(ctx: &Ctx, client: &Client, id: Uuid) {
    let items = vec![ctx.city().items[0].id];
    let starting = Starting {
        channel: Channel::Agent,
        items,
        accepting: None,
        applicant: None,
        values: Default::default(),
        happened_at: None,
    };
    intake::start_as(ctx, Owner::Staff(StaffId(client.id)), id, starting).await.unwrap();
}

async fn drafts(world: &World, client: &Client) -> usize {
    intake::drafts(world, Owner::Staff(StaffId(client.id)), None, 100).await.unwrap().len()
}

fn made(id: Uuid) -> Outcome {
    Outcome::Known(json!({ "id": id }))
}

#[tokio::test]
async fn what_was_committed_before_the_break_is_told_and_not_done_again() {
    on_both(|world| async move {
        let sender = sender(&world).await;
        let broken = once(&world, &sender, made, |ctx, id| {
            let client = &sender.client;
            async move {
                begin(&ctx, client, id).await;
                std::future::pending().await
            }
        });
        assert!(tokio::time::timeout(BREAK, broken).await.is_err(), "the line breaks after the commit");
        let again = once(&world, &sender, made, |_, _| async { panic!("carried out twice") }).await;
        let answer = again.unwrap_or_else(|_| panic!("refused")).answer(StatusCode::CREATED);
        assert_eq!(answer.headers()["idempotency-replayed"], "true");
        assert_eq!(drafts(&world, &sender.client).await, 1);
    })
    .await;
}

#[tokio::test]
async fn what_was_committed_is_told_even_when_something_failed_after_it() {
    on_both(|world| async move {
        let sender = sender(&world).await;
        let failed = once(&world, &sender, made, |ctx, id| {
            let client = &sender.client;
            async move {
                begin(&ctx, client, id).await;
                Err(Fault::internal("it failed after the commit"))
            }
        });
        let answer = failed.await.unwrap_or_else(|_| panic!("it was done")).answer(StatusCode::CREATED);
        assert_eq!(answer.headers()["idempotency-replayed"], "true");
    })
    .await;
}

#[tokio::test]
async fn a_request_whose_node_was_lost_before_the_commit_is_carried_out_when_it_comes_again() {
    on_both(|world| async move {
        let sender = sender(&world).await;
        let lost = once(&world, &sender, made, |_, _| std::future::pending());
        assert!(tokio::time::timeout(BREAK, lost).await.is_err());
        let done = once(&world, &sender, made, |ctx, id| {
            let client = &sender.client;
            async move {
                begin(&ctx, client, id).await;
                Ok(())
            }
        });
        let answer = done.await.unwrap_or_else(|_| panic!("refused")).answer(StatusCode::CREATED);
        assert!(!answer.headers().contains_key("idempotency-replayed"));
        assert_eq!(drafts(&world, &sender.client).await, 1);
    })
    .await;
}
