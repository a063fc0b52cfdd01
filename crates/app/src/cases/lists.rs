//! Lists of work and of cases, each limited to what the person may see, read from indexes page by page.

use domain::cases::Status;
use domain::catalogue::Regime;
use domain::kernel::{CaseId, CitizenId, OrgId, StaffId, time::legal_day};
use domain::org::{Level, OrgPath};
use domain::rights::{self, Permission, Scope};
use jiff::{Timestamp, civil::Date};
use store::{FromRow, Row, Tx, Val, Work};
use uuid::Uuid;

use super::record::{NO_DUE_DAY, word};
use super::{Nearness, StaffActor, party, sql};
use crate::Ctx;
use crate::city::City;
use crate::web::Fault;

/// The most rows of one page.
pub const MOST: usize = 200;

/// A case in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// Which.
    pub id: CaseId,
    /// How many events it has.
    pub version: i64,
    /// Its number, to store and scan; [`super::read_number`] groups it.
    pub number: String,
    /// The item's name.
    pub item_name: String,
    /// How it is carried out.
    pub regime: Regime,
    /// Where it stands.
    pub status: Status,
    /// The day people work against; `None` while the clock stands or nothing is left.
    pub due: Option<Date>,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// Town of the accepting organisation; empty above the towns.
    pub town: String,
    /// 受理单位.
    pub accepting: Option<OrgId>,
    /// With whom it is now.
    pub handling: OrgId,
    /// The applicant's name, masked.
    pub applicant: String,
}

/// Where a page of a list goes on: the key of its last row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct After {
    /// Its due day as stored.
    pub due_on: String,
    /// Its case.
    pub id: Uuid,
    /// Its place among the pieces of work; 0 in lists of cases.
    pub no: i64,
}

impl After {
    pub(super) fn start() -> Self {
        Self { due_on: String::new(), id: Uuid::nil(), no: -1 }
    }

    /// As it stands in an address: `2026-03-16_<id>_0`.
    #[must_use]
    pub fn cursor(&self) -> String {
        format!("{}_{}_{}", self.due_on, self.id.simple(), self.no)
    }

    /// Where the page that an address asks for begins; nothing for the first.
    ///
    /// # Errors
    /// A fault with a sentence when the address was cut or changed.
    pub fn asked(text: &str) -> Result<Option<Self>, Fault> {
        let cut = || Fault::bad_request("after", "翻页的位置不对，请从列表第一页重新翻。");
        if text.is_empty() { Ok(None) } else { Self::from_cursor(text).map(Some).ok_or_else(cut) }
    }

    /// Reads a cursor; nothing when it is none of ours.
    #[must_use]
    pub fn from_cursor(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '_');
        let due_on: Date = parts.next()?.parse().ok()?;
        let id = Uuid::parse_str(parts.next()?).ok()?;
        Some(Self { due_on: due_on.to_string(), id, no: parts.next()?.parse().ok()? })
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where the next page begins; none when this was the last.
    pub next: Option<After>,
}

/// A part of the city from which an index reads.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Anchor {
    All,
    District(String),
    Town(String),
    Org(OrgId),
}

impl Anchor {
    /// The smallest indexed part that holds everything under an organisation.
    fn of(city: &City, path: &OrgPath) -> Option<Self> {
        let org = city.orgs.iter().find(|org| org.path == *path)?;
        let region = org.region.as_str().to_owned();
        Some(match (org.department.is_some(), org.level) {
            (true, _) | (_, Level::Village) => Self::Org(org.id),
            (_, Level::Town) => Self::Town(region),
            (_, Level::District) => Self::District(region),
            (_, Level::City) => Self::All,
        })
    }

    pub(super) fn key(&self) -> Val<'_> {
        match self {
            Self::All => Val::T(""),
            Self::District(code) | Self::Town(code) => Val::T(code),
            Self::Org(id) => id.uuid().into(),
        }
    }

    pub(super) const fn pick(&self, [all, district, town, org]: [&'static str; 4]) -> &'static str {
        match self {
            Self::All => all,
            Self::District(_) => district,
            Self::Town(_) => town,
            Self::Org(_) => org,
        }
    }
}

/// The parts of the city that a person may list with a permission.
pub(super) fn anchors(city: &City, scope: &Scope) -> Vec<Anchor> {
    match scope {
        Scope::All => vec![Anchor::All],
        Scope::Subtree(paths) | Scope::SubtreeOrOwn(paths) => {
            paths.iter().filter_map(|path| Anchor::of(city, path)).collect()
        }
        Scope::Own | Scope::None => Vec::new(),
    }
}

/// A case row as the database has it.
pub(super) struct Raw {
    pub(super) row: CaseRow,
    pub(super) due_on: String,
    party: Vec<u8>,
}

pub(super) fn stored<T: serde::de::DeserializeOwned>(word: String) -> store::Result<T> {
    serde_json::from_value(serde_json::Value::String(word))
        .map_err(|e| store::Error::Corrupt(format!("a word of a list: {e}")))
}

impl Raw {
    pub(super) fn read(r: &Row<'_>, at: usize) -> store::Result<Self> {
        let due_on: String = r.get(at + 6)?;
        let row = CaseRow {
            id: r.get::<Uuid>(at)?.into(),
            version: r.get(at + 1)?,
            number: r.get(at + 2)?,
            item_name: r.get(at + 3)?,
            regime: stored(r.get(at + 4)?)?,
            status: stored(r.get(at + 5)?)?,
            due: due_on.parse().ok().filter(|_| due_on != NO_DUE_DAY),
            submitted_at: r.get(at + 7)?,
            town: r.get(at + 8)?,
            accepting: r.get::<Option<Uuid>>(at + 9)?.map(OrgId::from),
            handling: r.get::<Uuid>(at + 10)?.into(),
            applicant: String::new(),
        };
        Ok(Self { row, due_on, party: r.get(at + 11)? })
    }

    pub(super) fn named(self, ctx: &Ctx) -> CaseRow {
        CaseRow { applicant: party::row_name(ctx, &self.party), ..self.row }
    }
}

impl FromRow for Raw {
    fn from_row(r: &Row<'_>) -> store::Result<Self> {
        Self::read(r, 0)
    }
}

/// What a list of open cases is narrowed to; the default is all of them.
#[derive(Debug, Clone, Default)]
pub struct CaseFilter {
    /// Only in this state.
    pub status: Option<Status>,
    /// Only this regime.
    pub regime: Option<Regime>,
    /// Only the item with this 实施编码.
    pub item_code: Option<String>,
    /// Only this near to the due day.
    pub nearness: Option<Nearness>,
    /// Only cases accepted in this district or town, or lying with this organisation; within the person's reach.
    pub place: Option<OrgId>,
}

struct Open {
    anchor: Anchor,
    after: After,
    filter: CaseFilter,
    due: (String, String),
    limit: usize,
}

impl Work for Open {
    type Out = Vec<Raw>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Vec<Raw>> {
        let filter = &self.filter;
        let regime = filter.regime.as_ref().map(word).transpose()?.unwrap_or_default();
        let item = filter.item_code.clone().unwrap_or_default();
        let row: [Val<'_>; 9] = [
            self.anchor.key(),
            (&self.after.due_on).into(),
            self.after.id.into(),
            (&self.due.0).into(),
            (&self.due.1).into(),
            filter.status.map_or("", Status::as_str).into(),
            regime.as_str().into(),
            (&item).into(),
            i64::try_from(self.limit).unwrap_or(i64::MAX).into(),
        ];
        let all = [sql::OPEN_OF_ALL, sql::OPEN_OF_DISTRICT, sql::OPEN_OF_TOWN, sql::OPEN_OF_ORG];
        tx.all(self.anchor.pick(all), &row).await
    }
}

/// The due days that a nearness covers, as stored, both included.
fn due_range(nearness: Option<Nearness>, today: Date, city: &City) -> (String, String) {
    let day = |day: Date| day.to_string();
    let (first, last) = (String::new(), NO_DUE_DAY.to_owned());
    let soon = city.calendar.add_working(today, 3);
    match nearness {
        None => (first, last),
        Some(Nearness::Late) => (first, today.yesterday().map_or_else(|_| day(today), day)),
        Some(Nearness::Today) => (day(today), day(today)),
        Some(Nearness::Soon) => (today.tomorrow().map_or_else(|_| day(today), day), day(soon)),
        Some(Nearness::Calm) => (soon.tomorrow().map_or_else(|_| day(soon), day), "9999-12-30".to_owned()),
        Some(Nearness::Standing | Nearness::Done) => (last.clone(), last),
    }
}

/// The parts of the city that a list covers: the person's reach, or the one place asked for when it lies within.
pub(super) fn reach(
    city: &City,
    staff: &StaffActor,
    permission: Permission,
    place: Option<OrgId>,
) -> Vec<Anchor> {
    let scope = rights::scope(&staff.rights, permission);
    let Some(place) = place else { return anchors(city, &scope) };
    let org = city.org(place).filter(|org| scope.admits(&org.path, rights::Relation::Stranger));
    org.and_then(|org| Anchor::of(city, &org.path)).into_iter().collect()
}

/// A page of open cases within the reach of this member of staff, nearest due day first.
///
/// # Errors
/// When the data cannot be read.
pub async fn open_cases(
    ctx: &Ctx,
    staff: &StaffActor,
    filter: &CaseFilter,
    after: Option<&After>,
    limit: usize,
) -> store::Result<Page<CaseRow>> {
    let (city, limit) = (ctx.city(), limit.clamp(1, MOST));
    let due = due_range(filter.nearness, legal_day(ctx.now()), &city);
    let mut rows: Vec<Raw> = Vec::new();
    for anchor in reach(&city, staff, Permission::ViewCase, filter.place) {
        let after = after.cloned().unwrap_or_else(After::start);
        let work = Open { anchor, after, filter: filter.clone(), due: due.clone(), limit: limit + 1 };
        rows.extend(ctx.db.read(work).await?);
    }
    rows.sort_by(|a, b| (&a.due_on, a.row.id).cmp(&(&b.due_on, b.row.id)));
    rows.dedup_by(|a, b| a.row.id == b.row.id);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let key = |raw: &Raw| After { due_on: raw.due_on.clone(), id: raw.row.id.uuid(), no: 0 };
    let next = rows.last().filter(|_| more).map(key);
    Ok(Page { rows: rows.into_iter().map(|raw| raw.named(ctx)).collect(), next })
}

struct Newest {
    sql: &'static str,
    owner: Uuid,
    before: Uuid,
    limit: usize,
}

impl Work for Newest {
    type Out = Vec<Raw>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Vec<Raw>> {
        let limit = i64::try_from(self.limit).unwrap_or(i64::MAX);
        tx.all(self.sql, &[self.owner.into(), self.before.into(), limit.into()]).await
    }
}

/// Rows of one owner, newest first, with the id before which the next page begins.
async fn newest(
    ctx: &Ctx,
    sql: &'static str,
    owner: Uuid,
    before: Option<CaseId>,
    limit: usize,
) -> store::Result<(Vec<CaseRow>, Option<CaseId>)> {
    let limit = limit.clamp(1, MOST);
    let before = before.map_or(Uuid::max(), CaseId::uuid);
    let mut rows = ctx.db.read(Newest { sql, owner, before, limit: limit + 1 }).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|raw| raw.row.id);
    Ok((rows.into_iter().map(|raw| raw.named(ctx)).collect(), next))
}

/// A person's own cases, newest first; `before` is the id that the page before gave.
///
/// # Errors
/// When the data cannot be read.
pub async fn mine(
    ctx: &Ctx,
    person: CitizenId,
    before: Option<CaseId>,
    limit: usize,
) -> store::Result<(Vec<CaseRow>, Option<CaseId>)> {
    newest(ctx, sql::MINE, person.uuid(), before, limit).await
}

/// The cases that a member of staff handed in for others 代办, newest first.
///
/// # Errors
/// When the data cannot be read.
pub async fn entered_by(
    ctx: &Ctx,
    staff: StaffId,
    before: Option<CaseId>,
    limit: usize,
) -> store::Result<(Vec<CaseRow>, Option<CaseId>)> {
    newest(ctx, sql::ENTERED_BY, staff.uuid(), before, limit).await
}
