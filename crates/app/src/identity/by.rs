//! Who changes accounts, persons and clients, and in which request: what their journal entries say.

use super::{Client, Staff};
use crate::web::Trace;
use domain::kernel::{CitizenId, StaffId};
use jiff::Timestamp;
use store::journal::Stamp;
use uuid::Uuid;

/// Who changes something, in which request.
#[derive(Debug, Clone)]
pub struct By {
    actor: String,
    pub(super) staff: Option<StaffId>,
    org: Option<Uuid>,
    trace: String,
}

impl By {
    /// The program itself: the command line, the demonstration.
    #[must_use]
    pub fn system(trace: &str) -> Self {
        Self { actor: "system".to_owned(), staff: None, org: None, trace: trace.to_owned() }
    }

    /// A member of staff, for the organisation of their first post.
    #[must_use]
    pub fn staff(staff: &Staff, trace: &Trace) -> Self {
        let org = Some(staff.org.uuid()).filter(|org| !org.is_nil());
        Self { org, ..Self::account(staff.id, &trace.to_string()) }
    }

    /// A member of staff who is about to sign in or out.
    pub(super) fn account(id: StaffId, trace: &str) -> Self {
        Self { actor: format!("staff:{id}"), staff: Some(id), org: None, trace: trace.to_owned() }
    }

    /// Somebody who is not signed in.
    #[must_use]
    pub fn visitor(trace: &Trace) -> Self {
        Self { actor: "visitor".to_owned(), staff: None, org: None, trace: trace.to_string() }
    }

    /// The program of a department.
    #[must_use]
    pub fn client(client: &Client, trace: &str) -> Self {
        let (actor, org) = (format!("client:{}", client.id), Some(client.org.uuid()));
        Self { actor, staff: None, org, trace: trace.to_owned() }
    }

    /// A citizen.
    #[must_use]
    pub fn citizen(id: CitizenId, trace: &Trace) -> Self {
        Self { actor: format!("citizen:{id}"), staff: None, org: None, trace: trace.to_string() }
    }

    /// The stamp of what they enter now.
    pub(super) fn stamp(&self, now: Timestamp) -> Stamp {
        Stamp { actor: self.actor.clone(), org: self.org, trace: self.trace.clone(), entered_at: now }
    }
}
