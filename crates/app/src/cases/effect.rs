//! What another calendar would do to the open cases, counted before it is entered.

use domain::cases::{Case, Dues};
use domain::kernel::CaseId;
use domain::kernel::time::{Due, WorkCalendar};
use store::{Db, FromRow, Row, Tx, Work};
use uuid::Uuid;

use super::record::NO_DUE_DAY;
use super::sql;

/// Cases read in one snapshot.
const PAGE: u32 = 500;
/// Cases that are named.
const NAMED: usize = 20;
/// The most cases that are looked at before a notice is entered; those due first. All of them are counted anew afterwards.
pub const MOST_LOOKED_AT: u64 = 20_000;

/// What a calendar does to the open cases.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effect {
    /// Open cases looked at, those due first.
    pub open: u64,
    /// There are more open cases than were looked at.
    pub more: bool,
    /// Those that must be finished later than was told.
    pub later: u64,
    /// Those that must be finished earlier than was told.
    pub earlier: u64,
    /// Those whose statutory or report-up day alone moves, or whose day becomes certain without moving.
    pub otherwise: u64,
    /// Those whose due day lies after the last year that the calendar knows: it may still move.
    pub beyond: u64,
    /// The first of those that move, by the day they were due.
    pub named: Vec<Moved>,
}

/// A case that another calendar moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The case.
    pub id: CaseId,
    /// Its number.
    pub number: String,
    /// The item's name.
    pub item_name: String,
    /// Due before.
    pub before: Option<Due>,
    /// Due afterwards.
    pub after: Option<Due>,
}

impl Effect {
    /// Cases whose leading day moves.
    #[must_use]
    pub const fn moved(&self) -> u64 {
        self.later + self.earlier
    }

    fn count(&mut self, row: &OpenCase, calendar: &WorkCalendar) {
        self.open += 1;
        let counted = leading(&row.case.limits.counted(calendar));
        self.beyond += u64::from(counted.is_some_and(|due| due.beyond_calendar));
        let Some((before, after)) = row.case.moved_by(calendar) else { return };
        let (before, after) = (leading(&before), leading(&after));
        match before.map(|due| due.date).cmp(&after.map(|due| due.date)) {
            std::cmp::Ordering::Less => self.later += 1,
            std::cmp::Ordering::Greater => self.earlier += 1,
            std::cmp::Ordering::Equal => {
                self.otherwise += 1;
                return;
            }
        }
        if self.named.len() < NAMED {
            let (number, item_name) = (row.number.clone(), row.item_name.clone());
            self.named.push(Moved { id: row.id, number, item_name, before, after });
        }
    }
}

/// The day people work against.
fn leading(dues: &Dues) -> Option<Due> {
    dues.promised.or(dues.statutory)
}

struct OpenCase {
    id: CaseId,
    number: String,
    item_name: String,
    due_on: String,
    case: Case,
}

impl FromRow for OpenCase {
    fn from_row(row: &Row<'_>) -> store::Result<Self> {
        let state: String = row.get(4)?;
        Ok(Self {
            id: CaseId::from(row.get::<Uuid>(0)?),
            number: row.get(1)?,
            item_name: row.get(2)?,
            due_on: row.get(3)?,
            case: serde_json::from_str(&state)
                .map_err(|e| store::Error::Corrupt(format!("state of a case: {e}")))?,
        })
    }
}

struct OpenAfter(String, Uuid);

impl Work for OpenAfter {
    type Out = Vec<OpenCase>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Vec<OpenCase>> {
        tx.all(sql::OPEN_AFTER, &[(&self.0).into(), self.1.into(), PAGE.into()]).await
    }
}

/// What this calendar would do to the cases that are open now, at most so many of them.
///
/// # Errors
/// When the data cannot be read.
pub async fn effect_of(db: &Db, calendar: &WorkCalendar, most: u64) -> store::Result<Effect> {
    let (mut effect, mut after) = (Effect::default(), OpenAfter(String::new(), Uuid::nil()));
    loop {
        let page = db.read(after).await?;
        for row in &page {
            if effect.open >= most {
                return Ok(Effect { more: true, ..effect });
            }
            effect.count(row, calendar);
        }
        match page.last() {
            Some(last) => after = OpenAfter(last.due_on.clone(), last.id.uuid()),
            None => return Ok(effect),
        }
    }
}

struct DueAfter(String);

impl Work for DueAfter {
    type Out = i64;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<i64> {
        let (count,) = tx.one(sql::OPEN_DUE_BETWEEN, &[(&self.0).into(), NO_DUE_DAY.into()]).await?;
        Ok(count)
    }
}

/// How many open cases are due after the last year that the calendar knows; none of them is read.
///
/// # Errors
/// When the data cannot be read.
pub async fn due_beyond(db: &Db, calendar: &WorkCalendar) -> store::Result<u64> {
    let last = calendar.known_until().map_or_else(String::new, |year| format!("{year:04}-12-31"));
    db.read(DueAfter(last)).await.map(|count| u64::try_from(count).unwrap_or(0))
}

/// All open cases whose due days this calendar moves.
///
/// # Errors
/// When the data cannot be read.
pub(super) async fn moved_cases(db: &Db, calendar: &WorkCalendar) -> store::Result<Vec<CaseId>> {
    let (mut moved, mut after) = (Vec::new(), OpenAfter(String::new(), Uuid::nil()));
    loop {
        let page = db.read(after).await?;
        moved.extend(page.iter().filter(|row| row.case.moved_by(calendar).is_some()).map(|row| row.id));
        match page.last() {
            Some(last) => after = OpenAfter(last.due_on.clone(), last.id.uuid()),
            None => return Ok(moved),
        }
    }
}

struct ByNumber(String);

impl Work for ByNumber {
    type Out = Option<(Uuid,)>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        tx.opt(sql::CASE_ID_BY_NUMBER, &[(&self.0).into()]).await
    }
}

/// The case with this number, for those who may see every case's journal.
///
/// # Errors
/// When the data cannot be read.
pub async fn id_of_number(db: &Db, number: &str) -> store::Result<Option<CaseId>> {
    Ok(db.read(ByNumber(number.to_owned())).await?.map(|(id,)| CaseId::from(id)))
}
