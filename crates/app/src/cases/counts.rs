//! Counts of open cases by how near they are to their due day, for supervision; each figure opens the list behind it.

use std::collections::BTreeMap;

use domain::kernel::{OrgId, time::legal_day};
use domain::rights::Permission;
use jiff::civil::Date;
use store::{Tx, Work};

use super::lists::{Anchor, reach};
use super::record::NO_DUE_DAY;
use super::{Nearness, StaffActor, sql};
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

struct Dues(Anchor);

impl Work for Dues {
    type Out = Vec<(String, i64)>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Vec<(String, i64)>> {
        let all = [sql::DUES_OF_ALL, sql::DUES_OF_DISTRICT, sql::DUES_OF_TOWN, sql::DUES_OF_ORG];
        tx.all(self.0.pick(all), &[self.0.key()]).await
    }
}

/// The open cases within the reach of this member of staff, or at one place within it, by nearness.
///
/// # Errors
/// When the data cannot be read.
pub async fn figures(ctx: &Ctx, staff: &StaffActor, place: Option<OrgId>) -> store::Result<Figures> {
    let (city, today) = (ctx.city(), legal_day(ctx.now()));
    let mut figures = Figures::default();
    for anchor in reach(&city, staff, Permission::ViewCase, place) {
        for (due_on, count) in ctx.db.read(Dues(anchor)).await? {
            figures.add(&due_on, u64::try_from(count).unwrap_or_default(), today, &city);
        }
    }
    Ok(figures)
}

/// By what late and nearly late cases are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    /// By town within a district, by district within the city.
    Place,
    /// By item.
    Item,
}

struct Near {
    anchor: Anchor,
    until: Date,
    by: Grouping,
}

impl Work for Near {
    type Out = Vec<(String, String, i64)>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Vec<(String, String, i64)>> {
        let statement = match (&self.anchor, self.by) {
            (Anchor::All, Grouping::Place) => sql::NEAR_BY_DISTRICT,
            (Anchor::All, Grouping::Item) => sql::NEAR_BY_ITEM,
            (Anchor::District(_), Grouping::Place) => sql::NEAR_BY_TOWN,
            (Anchor::District(_), Grouping::Item) => sql::NEAR_BY_ITEM_OF_DISTRICT,
            // One town or one organisation is not divided further.
            _ => return Ok(Vec::new()),
        };
        let until = self.until.to_string();
        tx.all(statement, &[self.anchor.key(), (&until).into()]).await
    }
}

/// Late and nearly late cases (due within three working days) by place or item, most late first. Items are named by their
/// 实施编码, places by their division code, empty for what was accepted above them.
///
/// # Errors
/// When the data cannot be read.
pub async fn near_by(
    ctx: &Ctx,
    staff: &StaffActor,
    place: Option<OrgId>,
    by: Grouping,
) -> store::Result<Vec<(String, Figures)>> {
    let (city, today) = (ctx.city(), legal_day(ctx.now()));
    let until = city.calendar.add_working(today, 3);
    let mut groups: BTreeMap<String, Figures> = BTreeMap::new();
    for anchor in reach(&city, staff, Permission::ViewCase, place) {
        for (group, due_on, count) in ctx.db.read(Near { anchor, until, by }).await? {
            let count = u64::try_from(count).unwrap_or_default();
            groups.entry(group).or_default().add(&due_on, count, today, &city);
        }
    }
    let mut groups: Vec<(String, Figures)> = groups.into_iter().collect();
    groups.sort_by_key(|(_, f)| std::cmp::Reverse((f.late, f.today, f.soon)));
    Ok(groups)
}
