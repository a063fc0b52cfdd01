//! Counts of open cases by how near they are to their due day, for supervision; each figure opens the list behind it.

use std::collections::BTreeMap;

use domain::kernel::{OrgId, time::legal_day};
use domain::rights::Permission;
use jiff::Timestamp;
use jiff::civil::Date;

use super::lists::reach;
use super::record::NO_DUE_DAY;
use super::tallies::{Count, Grouping};
use super::{Nearness, StaffActor};
use crate::Ctx;
use crate::city::City;

/// How many open cases there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// 已超期.
    pub late: u64,
    /// 今天到期.
    pub today: u64,
    /// 三个工作日内到期.
    pub soon: u64,
    /// Later.
    pub calm: u64,
    /// 停表 or without a limit.
    pub standing: u64,
}

impl Figures {
    /// All of them.
    #[must_use]
    pub const fn all(&self) -> u64 {
        self.late + self.today + self.soon + self.calm + self.standing
    }

    fn add(&mut self, due_on: &str, count: u64, today: Date, city: &City) {
        let due = due_on.parse().ok().filter(|_| due_on != NO_DUE_DAY);
        match due.map(|due| Nearness::of(due, today, &city.calendar)) {
            Some(Nearness::Late) => self.late += count,
            Some(Nearness::Today) => self.today += count,
            Some(Nearness::Soon) => self.soon += count,
            Some(_) => self.calm += count,
            None => self.standing += count,
        }
    }
}

/// Open cases by nearness, as they were at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// The instant from which on they may have changed.
    pub counted_at: Timestamp,
    /// All of them.
    pub all: Figures,
    /// Late and nearly late ones (due within three working days) by division code, empty for what was accepted above the
    /// divisions; most late first.
    pub by_place: Vec<(String, Figures)>,
    /// The same by 实施编码.
    pub by_item: Vec<(String, Figures)>,
}

/// The open cases within the reach of this member of staff, or at one place within it.
///
/// # Errors
/// When the data cannot be read.
pub async fn overview(ctx: &Ctx, staff: &StaffActor, place: Option<OrgId>) -> store::Result<Overview> {
    let (city, now) = (ctx.city(), ctx.now());
    let today = legal_day(now);
    let until = city.calendar.add_working(today, 3);
    let mut counted_at = now;
    let mut groups: [BTreeMap<String, Figures>; 3] = Default::default();
    let wanted = [None, Some((Grouping::Place, until)), Some((Grouping::Item, until))];
    for anchor in reach(&city, staff, Permission::ViewCase, place) {
        for (group, near) in groups.iter_mut().zip(wanted) {
            let (at, rows) = ctx.tallies.of(ctx, Count { anchor: anchor.clone(), near }).await?;
            counted_at = counted_at.min(at);
            for (name, due_on, count) in rows.iter() {
                let count = u64::try_from(*count).unwrap_or_default();
                group.entry(name.clone()).or_default().add(due_on, count, today, &city);
            }
        }
    }
    let [mut all, by_place, by_item] = groups;
    Ok(Overview {
        counted_at,
        all: all.remove("").unwrap_or_default(),
        by_place: most_late_first(by_place),
        by_item: most_late_first(by_item),
    })
}

fn most_late_first(groups: BTreeMap<String, Figures>) -> Vec<(String, Figures)> {
    let mut groups: Vec<(String, Figures)> = groups.into_iter().collect();
    groups.sort_by_key(|(_, f)| std::cmp::Reverse((f.late, f.today, f.soon)));
    groups
}
