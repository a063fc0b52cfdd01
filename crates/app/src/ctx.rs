//! What a request may touch: the world outside (time, randomness, storage) arrives here and nowhere else.

use crate::catalogue::Catalogue;
use jiff::Timestamp;
use std::sync::Arc;
use uuid::Uuid;

/// Tells the time. The system's clock lives in the server; tests bring one they can set.
pub trait Clock: Send + Sync {
    /// The instant it is now (UTC).
    fn now(&self) -> Timestamp;
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
}

/// The context of the running application; cheap to clone.
#[derive(Clone)]
pub struct Ctx {
    /// Items and halls, read once at the start.
    pub catalogue: Arc<Catalogue>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub entropy: Arc<dyn Entropy>,
    /// What this installation says about itself.
    pub site: Arc<Site>,
}

impl Ctx {
    /// The instant it is now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A new id: UUID version 7, so that ids made later sort later and indexes stay dense.
    pub fn new_uuid(&self) -> Uuid {
        let mut random = [0u8; 10];
        self.entropy.fill(&mut random);
        let millis = u64::try_from(self.now().as_millisecond()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}
