//! A whole application for tests: a fresh database, the embedded city, a clock that is set by hand, and random bytes
//! that are the same in every run.

use crate::catalogue::Catalogue;
use crate::city::City;
use crate::web::Ops;
use crate::web::metrics::Access;
use crate::{Clock, Ctx, Entropy, Live, MIGRATIONS, Parts, Site, Typeset, TypesetError, identity, router};
use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST};
use axum::http::{HeaderMap, Request, StatusCode};
use domain::identity::ClientScope;
use domain::kernel::{CitizenId, OrgId, StaffId};
use domain::rights::Role;
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use std::any::Any;
use std::ops::Deref;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use store::Db;
use store::seal::{Keys, Sealer};
use tower::ServiceExt;
use uuid::Uuid;

/// Monday 2 March 2026, 9:00 in Shanghai: a working day after working days, before working days.
pub const MONDAY_NINE: &str = "2026-03-02T01:00:00Z";

/// A clock that stands until it is moved.
pub struct TestClock(AtomicI64);

impl TestClock {
    /// Moves on by so much.
    pub fn advance(&self, by: SignedDuration) {
        let micros = i64::try_from(by.as_micros()).expect("a test does not wait for centuries");
        self.0.fetch_add(micros, Ordering::Relaxed);
    }

    /// Sets it to an instant written as in RFC 3339.
    pub fn set(&self, instant: &str) {
        let at: Timestamp = instant.parse().expect("an instant");
        self.0.store(at.as_microsecond(), Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::Relaxed)).expect("an instant")
    }
}

/// Counts up, so that no two draws are the same and every run is. Holds what must outlive the application.
struct Counting {
    next: AtomicU64,
    _keeps: Box<dyn Any + Send + Sync>,
}

impl Entropy for Counting {
    fn fill(&self, into: &mut [u8]) {
        for chunk in into.chunks_mut(8) {
            // Spread over all bits (splitmix64), so that ids and codes made from few bytes differ too.
            let mut z = self.next.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}

/// Writes what a paper contains instead of setting it, so that a test can read it.
struct PlainText;

impl Typeset for PlainText {
    fn pdf(&self, paper: ::papers::Paper) -> BoxFuture<'static, Result<Vec<u8>, TypesetError>> {
        Box::pin(async move { Ok(format!("{}\n{paper:#?}", paper.title()).into_bytes()) })
    }
}

/// An application with its clock in the hand of the test.
#[derive(Clone)]
pub struct World {
    /// What the application is given.
    pub ctx: Ctx,
    /// Its clock.
    pub clock: Arc<TestClock>,
}

impl Deref for World {
    type Target = Ctx;

    fn deref(&self) -> &Ctx {
        &self.ctx
    }
}

impl World {
    /// Over a database that has its tables; `keeps` lives as long as the application.
    pub(crate) fn over(db: Db, keeps: Box<dyn Any + Send + Sync>) -> Self {
        static CITY: OnceLock<City> = OnceLock::new();
        let city = CITY.get_or_init(|| City::embedded().expect("the embedded city")).clone();
        let (files, folder) = store::testing::files();
        let keeps = Box::new((keeps, folder));
        let clock = Arc::new(TestClock(AtomicI64::new(0)));
        clock.set(MONDAY_NINE);
        let ctx = Ctx::new(Parts {
            db,
            sealer: Arc::new(Sealer::new(Keys::generate(&[7; 48]))),
            files,
            publishing: None,
            typeset: Arc::new(PlainText),
            catalogue: Arc::new(Live::new(Catalogue::from_city(&city))),
            city: Arc::new(Live::new(city)),
            clock: clock.clone(),
            entropy: Arc::new(Counting { next: AtomicU64::new(1), _keeps: keeps }),
            site: Arc::new(Site { url: "https://jinban.test".to_owned(), ..Site::default() }),
            ops: Arc::new(Ops::new(clock.now(), Access::Closed)),
            quotas: Arc::default(),
            tallies: Arc::default(),
            drawn: Arc::default(),
        });
        Self { ctx, clock }
    }

    /// Changes rows behind the journal, as somebody with the database's password could; answers how many.
    pub async fn alter(&self, sql: &'static str) -> u64 {
        self.ctx.db.write(Alter(sql)).await.expect("altered")
    }

    /// One request to the whole application.
    pub async fn ask(&self, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
        ask(router(self.ctx.clone()), request).await
    }

    /// A member of staff with this post, fully signed in: the account and what a browser sends as `Cookie`.
    pub async fn staff(&self, role: Role, org: OrgId) -> (StaffId, String) {
        identity::testing::staff(&self.ctx, role, org).await
    }

    /// A citizen with an account, signed in: the person and what a browser sends as `Cookie`. Each `n` is another one.
    pub async fn citizen(&self, n: u32) -> (CitizenId, String) {
        identity::testing::citizen(&self.ctx, n).await
    }

    /// A client of this organisation with these scopes, generously limited: its id and a token with all of them.
    pub async fn client(&self, org: OrgId, scopes: &[ClientScope]) -> (Uuid, String) {
        identity::testing::client(&self.ctx, org, scopes).await
    }

    /// A GET with a cookie; empty for none.
    pub async fn get_as(&self, cookie: &str, path: &str) -> (StatusCode, HeaderMap, String) {
        self.ask(Request::get(path).header(COOKIE, cookie).body(Body::empty()).unwrap()).await
    }

    /// A form posted with a cookie; empty for none.
    pub async fn post_as(
        &self,
        cookie: &str,
        path: &str,
        form: &[(&str, &str)],
    ) -> (StatusCode, HeaderMap, String) {
        let body = serde_urlencoded::to_string(form).unwrap();
        let request = Request::post(path)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(HOST, "localhost")
            .header(COOKIE, cookie);
        self.ask(request.body(Body::from(body)).unwrap()).await
    }

    /// A GET.
    pub async fn fetch(&self, path: &str) -> (StatusCode, HeaderMap, String) {
        self.ask(Request::get(path).body(Body::empty()).unwrap()).await
    }
}

struct Alter(&'static str);

impl store::Work for Alter {
    type Out = u64;
    type Err = store::Error;

    async fn run(&self, tx: &store::Tx) -> store::Result<u64> {
        tx.exec(self.0, &[]).await
    }
}

/// A world on SQLite; its folder goes when the last clone does.
pub async fn world() -> World {
    let (db, folder) = store::testing::sqlite();
    store::migrate(&db, MIGRATIONS).await.expect("the migrations run");
    World::over(db, Box::new(folder))
}

/// Runs the check in a fresh world on SQLite, then on PostgreSQL when a server is given.
pub async fn on_both<F: Future<Output = ()>>(check: impl Fn(World) -> F) {
    store::testing::on_both_with(MIGRATIONS, |db| check(World::over(db, Box::new(())))).await;
}

/// One request: status, headers, text.
pub async fn ask(app: Router, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
    let response = app.oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    (parts.status, parts.headers, String::from_utf8_lossy(&bytes).into_owned())
}
