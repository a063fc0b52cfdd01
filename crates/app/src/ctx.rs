//! What a request may touch: the world outside (time, randomness, storage) arrives here and nowhere else.

use crate::cases::Tallies;
use crate::catalogue::Catalogue;
use crate::city::City;
use crate::identity::clients::Quotas;
use crate::portal::Drawn;
use crate::publishing::Publishing;
use crate::typeset::Typeset;
use crate::web::Ops;
use jiff::{SignedDuration, Timestamp};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, PoisonError, RwLock};
use store::Db;
use store::files::Files;
use store::seal::Sealer;
use uuid::Uuid;

/// Tells the time. The system's clock lives in the server; tests bring one they can set.
pub trait Clock: Send + Sync {
    /// The instant it is now (UTC).
    fn now(&self) -> Timestamp;

    /// By how much the machine's own clock is behind, having been set back.
    fn behind(&self) -> SignedDuration {
        SignedDuration::ZERO
    }
}

/// Gives random bytes fit for keys, ids and passwords. The system's source lives in the server.
pub trait Entropy: Send + Sync {
    /// Fills the whole of `into`; waits rather than giving less than good randomness.
    fn fill(&self, into: &mut [u8]);
}

/// What this installation says about itself.
#[derive(Debug, Clone, Default)]
pub struct Site {
    /// Browsers reach the site over HTTPS, so cookies may only travel there.
    pub https: bool,
    /// The demo city is served: pages say so.
    pub demo: bool,
    /// How people reach the site, such as `https://zwfw.example.gov.cn`; QR codes on papers lead there.
    pub url: String,
}

/// Reference data that is read on every request and replaced as a whole now and then: a reader keeps the snapshot it took.
pub struct Live<T>(RwLock<Arc<T>>);

impl<T> Live<T> {
    /// The first snapshot.
    pub fn new(value: T) -> Self {
        Self(RwLock::new(Arc::new(value)))
    }

    /// The newest snapshot.
    pub fn get(&self) -> Arc<T> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts another snapshot in its place; whoever holds the old one keeps it.
    pub fn replace(&self, value: T) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(value);
    }
}

/// The context of the running application; as cheap to clone as one pointer, for each request does it often.
#[derive(Clone)]
pub struct Ctx(Arc<Parts>);

impl Ctx {
    /// The context of these parts.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for Ctx {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl DerefMut for Ctx {
    /// The parts of this clone alone.
    fn deref_mut(&mut self) -> &mut Parts {
        Arc::make_mut(&mut self.0)
    }
}

/// What the application is given.
#[derive(Clone)]
pub struct Parts {
    /// What is kept.
    pub db: Db,
    /// Seals personal fields and makes the blind indexes they are found by.
    pub sealer: Arc<Sealer>,
    /// Materials and papers as files.
    pub files: Files,
    /// Signs and publishes the head of the journal, where a key for it is set.
    pub publishing: Option<Arc<Publishing>>,
    /// Makes PDFs of papers.
    pub typeset: Arc<dyn Typeset>,
    /// The city: divisions, organisations, items, working days.
    pub city: Arc<Live<City>>,
    /// Items and halls as people look for them.
    pub catalogue: Arc<Live<Catalogue>>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub entropy: Arc<dyn Entropy>,
    /// What this installation says about itself.
    pub site: Arc<Site>,
    /// What this node tells its operator.
    pub ops: Arc<Ops>,
    /// What each client may still ask of this node.
    pub quotas: Arc<Quotas>,
    /// What this node counted a moment ago.
    pub tallies: Arc<Tallies>,
    /// Pages that are the same for everybody.
    pub drawn: Arc<Drawn>,
}

impl Ctx {
    /// The city as it is now; take it once per request so that its parts belong together.
    pub fn city(&self) -> Arc<City> {
        self.city.get()
    }

    /// Items and halls as they are now; take it once per request.
    pub fn catalogue(&self) -> Arc<Catalogue> {
        self.catalogue.get()
    }

    /// Puts another city in the place of this one, for pages and for those who look for items and halls alike.
    pub fn take_over(&self, city: City) {
        self.catalogue.replace(self.catalogue.get().following(&city));
        self.city.replace(city);
    }

    /// The instant it is now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Seals a personal field; `field` is `table.column` and is needed again to open it.
    pub fn seal(&self, field: &'static str, plain: &str) -> Vec<u8> {
        let mut nonce = [0; 12];
        self.entropy.fill(&mut nonce);
        self.sealer.seal(field, plain, nonce)
    }

    /// A new id: UUID version 7, so that ids made later sort later and indexes stay dense.
    pub fn new_uuid(&self) -> Uuid {
        let mut random = [0u8; 10];
        self.entropy.fill(&mut random);
        let millis = u64::try_from(self.now().as_millisecond()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}
