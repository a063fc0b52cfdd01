//! What administrators have changed, laid over what the files of the city say.

use super::City;
use domain::{
    kernel::{ItemId, OrgId, time::WorkCalendar},
    org::{Office, Org, Workdays},
};
use std::collections::HashMap;

/// What the files say of the things that can be changed.
#[derive(Debug)]
pub(super) struct Base {
    pub(super) orgs: Vec<Org>,
    pub(super) calendar: WorkCalendar,
}

/// Everything that administrators have changed so far.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Counts the changes, so that a node knows whether it has them all.
    pub version: i64,
    /// What is kept about organisations.
    pub offices: HashMap<OrgId, Office>,
    /// Notices about working days.
    pub workdays: Workdays,
}

impl City {
    /// The same city with these changes laid over its files; changes that were laid over it before count no longer.
    #[must_use]
    pub fn with_changes(&self, changes: &Changes) -> Self {
        let mut city = self.clone();
        city.orgs.clone_from(&self.base.orgs);
        for (id, office) in &changes.offices {
            // A change of an organisation that the files no longer have waits in case it comes back.
            if let Some(at) = self.org_at.get(id) {
                city.orgs[*at] = self.base.orgs[*at].with_office(office);
            }
        }
        city.calendar = changes.workdays.over(&self.base.calendar);
        city.notices = changes.workdays.clone();
        city.changes = changes.version;
        city
    }

    /// The calendar as it would be with these notices.
    #[must_use]
    pub fn calendar_with(&self, workdays: &Workdays) -> WorkCalendar {
        workdays.over(&self.base.calendar)
    }

    /// The organisation as the files of the city have it.
    #[must_use]
    pub fn org_in_files(&self, id: OrgId) -> Option<&Org> {
        self.org_at.get(&id).map(|at| &self.base.orgs[*at])
    }

    /// Whether this organisation may decide this 即办件 on the spot.
    #[must_use]
    pub fn decides_at_once(&self, org: OrgId, item: ItemId) -> bool {
        self.org(org).is_some_and(|org| org.office.decides_at_once(item))
    }
}
