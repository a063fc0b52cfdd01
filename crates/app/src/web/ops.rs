//! What this node knows about itself while it runs: for the operator's monitoring, never about people.

use super::metrics::{Access, Duties, Requests};
use jiff::Timestamp;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// The node as its operator sees it; one for the whole process.
pub struct Ops {
    /// Requests by route and outcome.
    pub requests: Requests,
    /// The periodic duties of this node.
    pub duties: Duties,
    /// Who may read `/metrics` on the public address.
    pub access: Access,
    /// When this node started.
    pub started_at: Timestamp,
    /// The last look at whether the node can serve.
    pub(super) readiness: super::health::Last,
    stopping: AtomicBool,
    infected: AtomicU64,
}

impl Ops {
    /// Of a node that starts now.
    pub fn new(started_at: Timestamp, access: Access) -> Self {
        Self {
            requests: Requests::default(),
            duties: Duties::default(),
            access,
            started_at,
            readiness: super::health::Last::default(),
            stopping: AtomicBool::new(false),
            infected: AtomicU64::new(0),
        }
    }

    /// From now on `/readyz` sends new work to other nodes; requests that still come are answered.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Counts an upload that was refused because the scanner found something in it.
    pub fn infected(&self) {
        self.infected.fetch_add(1, Ordering::Relaxed);
    }

    /// Uploads refused so since the start.
    pub fn infected_uploads(&self) -> u64 {
        self.infected.load(Ordering::Relaxed)
    }

    /// Whether the node has been asked to stop.
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}
