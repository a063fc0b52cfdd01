//! Clients, their secrets, tokens and limits, on both databases.

use crate::identity::By;
use crate::identity::clients::{self, TokenError};
use crate::testing::{World, on_both, world};
use axum::body::Body;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Request, StatusCode};
use domain::identity::{ClientCommand, ClientScope};
use domain::kernel::OrgId;
use jiff::SignedDuration;
use store::{Tx, Work, journal};

fn hall(world: &World) -> OrgId {
    world.city().halls().next().unwrap().id
}

fn by() -> By {
    By::system("t")
}

async fn opened(world: &World, scopes: &[ClientScope]) -> (String, String) {
    let scopes = scopes.iter().copied().collect();
    let new = clients::open(world, "户政系统", hall(world), &scopes, by()).await.unwrap();
    (new.record.id.to_string(), new.secret)
}

/// One request with a token to a route that asks for `catalogue:read`.
async fn asks(world: &World, token: &str) -> (StatusCode, HeaderMap) {
    let request = Request::get("/api/v1/items/001/form").header(AUTHORIZATION, format!("Bearer {token}"));
    let (status, headers, _) = world.ask(request.body(Body::empty()).unwrap()).await;
    (status, headers)
}

#[tokio::test]
async fn a_token_is_given_for_the_secret_alone_and_holds_for_an_hour() {
    on_both(|world| async move {
        let (id, secret) = opened(&world, &[ClientScope::CatalogueRead]).await;
        for (id, secret) in [(id.as_str(), "jbs_wrong"), (id.as_str(), ""), ("nobody", &secret)] {
            assert!(matches!(clients::grant(&world, id, secret, "").await, Err(TokenError::Client)));
        }
        let granted = clients::grant(&world, &id, &secret, "").await.unwrap();
        assert_eq!(granted.scope(), "catalogue:read");
        assert_eq!(asks(&world, &granted.token).await.0, StatusCode::OK);
        assert_eq!(asks(&world, &secret).await.0, StatusCode::UNAUTHORIZED, "a secret is no token");
        world.clock.advance(SignedDuration::from_secs(3600));
        assert_eq!(asks(&world, &granted.token).await.0, StatusCode::UNAUTHORIZED);
        assert_eq!(clients::forget_ended(&world).await.unwrap(), 0, "not older than now");
        world.clock.advance(SignedDuration::from_secs(1));
        assert_eq!(clients::forget_ended(&world).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_token_has_the_scopes_that_were_asked_for_and_loses_what_the_client_loses() {
    on_both(|world| async move {
        let (id, secret) = opened(&world, &[ClientScope::CatalogueRead, ClientScope::CasesRead]).await;
        let refused = clients::grant(&world, &id, &secret, "cases:decide").await;
        assert!(matches!(refused, Err(TokenError::Scope)));
        assert!(matches!(clients::grant(&world, &id, &secret, "all").await, Err(TokenError::Scope)));
        let narrow = clients::grant(&world, &id, &secret, "cases:read").await.unwrap().token;
        assert_eq!(asks(&world, &narrow).await.0, StatusCode::FORBIDDEN);
        let both = clients::grant(&world, &id, &secret, "cases:read catalogue:read").await.unwrap().token;
        assert_eq!(asks(&world, &both).await.0, StatusCode::OK);
        let less = ClientCommand::SetScopes([ClientScope::CasesRead].into());
        clients::act(&world, id.parse().unwrap(), less, by()).await.unwrap();
        assert_eq!(asks(&world, &both).await.0, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn a_new_secret_ends_the_old_one_and_its_tokens_and_a_closed_client_gets_in_no_more() {
    on_both(|world| async move {
        let (id, secret) = opened(&world, &[ClientScope::CatalogueRead]).await;
        let uuid = id.parse().unwrap();
        let old = clients::grant(&world, &id, &secret, "").await.unwrap().token;
        let new = clients::draw_secret(&world, uuid, by()).await.unwrap().secret;
        assert!(matches!(clients::grant(&world, &id, &secret, "").await, Err(TokenError::Client)));
        assert_eq!(asks(&world, &old).await.0, StatusCode::UNAUTHORIZED);
        let token = clients::grant(&world, &id, &new, "").await.unwrap().token;
        let close = ClientCommand::Close { reason: "停运".into() };
        clients::act(&world, uuid, close, by()).await.unwrap();
        assert_eq!(asks(&world, &token).await.0, StatusCode::UNAUTHORIZED);
        assert!(matches!(clients::grant(&world, &id, &new, "").await, Err(TokenError::Client)));
        clients::act(&world, uuid, ClientCommand::Reopen, by()).await.unwrap();
        assert_eq!(asks(&world, &token).await.0, StatusCode::UNAUTHORIZED, "its tokens were dropped");
        assert!(clients::grant(&world, &id, &new, "").await.is_ok());
        let proven = crate::identity::proven(&world.db).await.unwrap();
        let (_, outcome) = proven.iter().find(|(kind, _)| *kind == "client").unwrap();
        assert_eq!((outcome.rows, outcome.unproven), (1, None));
    })
    .await;
}

#[tokio::test]
async fn too_many_requests_a_second_are_told_to_wait_and_the_day_has_an_end() {
    on_both(|world| async move {
        let (id, secret) = opened(&world, &[ClientScope::CatalogueRead]).await;
        let limits = ClientCommand::SetLimits { per_second: 3, per_day: 7 };
        clients::act(&world, id.parse().unwrap(), limits, by()).await.unwrap();
        let token = clients::grant(&world, &id, &secret, "").await.unwrap().token;
        for left in ["r=2", "r=1", "r=0"] {
            let (status, headers) = asks(&world, &token).await;
            assert_eq!(status, StatusCode::OK);
            let told = headers["ratelimit"].to_str().unwrap();
            assert!(told.starts_with(&format!("\"second\";{left}")), "{told}");
        }
        let (status, headers) = asks(&world, &token).await;
        assert_eq!((status, headers["retry-after"].to_str().unwrap()), (StatusCode::TOO_MANY_REQUESTS, "1"));
        world.clock.advance(SignedDuration::from_secs(10));
        for _ in 0..3 {
            assert_eq!(asks(&world, &token).await.0, StatusCode::OK);
        }
        world.clock.advance(SignedDuration::from_secs(10));
        let (status, headers) = asks(&world, &token).await;
        assert_eq!(status, StatusCode::OK);
        assert!(headers["ratelimit"].to_str().unwrap().contains("\"day\";r=0"), "{headers:?}");
        let (status, headers) = asks(&world, &token).await;
        assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "the seven of the day are used");
        let wait: i64 = headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!(wait > 14 * 3600, "until midnight in Shanghai: {wait}");
        world.clock.advance(SignedDuration::from_secs(wait));
        let again = clients::grant(&world, &id, &secret, "").await.unwrap().token;
        assert_eq!(asks(&world, &again).await.0, StatusCode::OK, "a new day");
    })
    .await;
}

#[tokio::test]
async fn nodes_share_the_number_of_the_day() {
    let world = world().await;
    let (id, secret) = opened(&world, &[ClientScope::CatalogueRead]).await;
    let limits = ClientCommand::SetLimits { per_second: 1000, per_day: 10 };
    clients::act(&world, id.parse().unwrap(), limits, by()).await.unwrap();
    let token = clients::grant(&world, &id, &secret, "").await.unwrap().token;
    let other = World {
        ctx: crate::Ctx::new(crate::Parts { quotas: Default::default(), ..(*world.ctx).clone() }),
        ..world.clone()
    };
    let mut served = 0;
    for n in 0..30 {
        let node = if n % 2 == 0 { &world } else { &other };
        served += usize::from(asks(node, &token).await.0 == StatusCode::OK);
    }
    assert_eq!(served, 10);
}

struct Journal;

impl Work for Journal {
    type Out = String;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<String> {
        let found = journal::search(tx, &journal::Search::new(journal::Whose::All, 100)).await?;
        Ok(format!("{found:?}"))
    }
}

#[tokio::test]
async fn neither_a_secret_nor_a_token_stands_in_the_journal_or_in_what_is_shown_of_a_client() {
    let world = world().await;
    let (id, secret) = opened(&world, &[ClientScope::CatalogueRead]).await;
    let token = clients::grant(&world, &id, &secret, "").await.unwrap().token;
    let told = world.db.read(Journal).await.unwrap();
    assert!(told.contains("client_secret_drawn"), "{told}");
    let record = format!("{:?}", clients::find(&world, id.parse().unwrap()).await.unwrap());
    for text in [told, record] {
        assert!(!text.contains(&secret) && !text.contains(&token));
    }
}
