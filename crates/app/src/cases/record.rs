//! How a case is kept: the numbers it was given, where it belongs, and the fold of its events.

use domain::cases::{Case, Event, Work, apply};
use domain::kernel::{CaseId, StaffId};
use jiff::Timestamp;
use store::files::Digest;
use store::{FromRow, Row, Tx, Val};
use uuid::Uuid;

use super::{kept, sql};
use crate::proof::{Proven, first_difference};
use crate::run::Aggregate;

/// Sorts after every date: a case without a running limit stands at the end of a list by due day.
pub const NO_DUE_DAY: &str = "9999-12-31";

/// A case with what is kept beside its fold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRecord {
    /// The case.
    pub id: CaseId,
    /// How many events its stream has.
    pub version: i64,
    /// The number people read out over the phone.
    pub number: String,
    /// Blind index of the query code 查询码; the code itself is told once and kept nowhere.
    pub query_index: Vec<u8>,
    /// 办件编号, 43 characters.
    pub exchange_number: String,
    /// District code of the accepting organisation; empty at the city.
    pub district: String,
    /// Town code of the accepting organisation; empty above the towns.
    pub town: String,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// The member of staff who handed it in for the applicant.
    pub entered_by: Option<StaffId>,
    /// The fold of its events.
    pub case: Case,
}

/// A row of `case_task`: case, number, kind, step, organisation, holder, district, town, due day.
type Task = (Uuid, i64, String, Option<i64>, Uuid, Option<Uuid>, String, String, String);

/// The columns that are derived from the fold.
#[derive(Debug, PartialEq, Eq)]
pub struct Derived {
    /// Where it stands, as stored.
    pub status: &'static str,
    /// Something is left to do.
    pub is_open: bool,
    /// Whose work it is now; of steps side by side the first; the organ that took it in when nothing is left to do.
    pub handling_org: Uuid,
    /// The day people work against, ISO 8601.
    pub due_on: String,
}

impl CaseRecord {
    /// The derived columns; `None` before submission, when there is no row.
    #[must_use]
    pub fn derived(&self) -> Option<Derived> {
        let submission = self.case.submission.as_ref()?;
        Some(Derived {
            status: self.case.status.as_str(),
            is_open: !self.case.status.is_closed(),
            handling_org: self.case.work().first().map_or(submission.org, |work| work.org).uuid(),
            due_on: self.case.due_day().map_or_else(|| NO_DUE_DAY.to_owned(), |day| day.to_string()),
        })
    }

    /// The digest of what the case is given beside its events, which the event of its submission names: nothing else says
    /// which numbers it got.
    #[must_use]
    pub fn given(&self) -> String {
        let index: String = self.query_index.iter().map(|byte| format!("{byte:02x}")).collect();
        let entered_by = self.entered_by.map(|staff| staff.to_string()).unwrap_or_default();
        let at = self.submitted_at.as_microsecond().to_string();
        let parts =
            [&self.number, &self.exchange_number, &index, &self.district, &self.town, &at, &entered_by];
        Digest::of(parts.map(String::as_str).join("\n").as_bytes()).to_string()
    }

    /// Writes the row of a new case, and what waits to be done in it.
    async fn insert(&self, tx: &Tx, d: &Derived, state: &str, now: i64) -> store::Result<()> {
        let Some(submission) = &self.case.submission else {
            return Err(store::Error::Other("a case without a submission has no row".into()));
        };
        let (regime, channel) = (word(&submission.terms.regime)?, word(&submission.channel)?);
        let row: [Val<'_>; 21] = [
            self.id.uuid().into(),
            now.into(),
            (&self.number).into(),
            (&self.query_index).into(),
            (&self.exchange_number).into(),
            submission.application.uuid().into(),
            submission.applicant.person().uuid().into(),
            (&submission.terms.item_code).into(),
            (&submission.terms.item_name).into(),
            d.status.into(),
            d.is_open.into(),
            d.handling_org.into(),
            (&self.district).into(),
            (&self.town).into(),
            self.submitted_at.into(),
            (&d.due_on).into(),
            state.into(),
            (&regime).into(),
            (&channel).into(),
            submission.org.uuid().into(),
            self.entered_by.map(StaffId::uuid).into(),
        ];
        let tasks = self.tasks(d);
        let tasks: Vec<_> = tasks.iter().map(task_row).collect();
        let mut list: Vec<(&str, &[Val<'_>])> = vec![(sql::INSERT_CASE, &row)];
        list.extend(tasks.iter().map(|task| (sql::ADD_TASK, task.as_slice())));
        tx.batch(&list).await.map(drop)
    }

    /// Writes the row as it is now, and what waits to be done in place of what waited before.
    async fn update(&self, tx: &Tx, d: &Derived, state: &str, was: i64, now: i64) -> store::Result<()> {
        let id: [Val<'_>; 1] = [self.id.uuid().into()];
        let row: [Val<'_>; 8] = [
            self.id.uuid().into(),
            was.into(),
            now.into(),
            d.status.into(),
            d.is_open.into(),
            d.handling_org.into(),
            (&d.due_on).into(),
            state.into(),
        ];
        let tasks = self.tasks(d);
        let tasks: Vec<_> = tasks.iter().map(task_row).collect();
        let mut list: Vec<(&str, &[Val<'_>])> = vec![(sql::UPDATE_CASE, &row), (sql::DROP_TASKS, &id)];
        list.extend(tasks.iter().map(|task| (sql::ADD_TASK, task.as_slice())));
        match tx.batch(&list).await?.first() {
            Some(1) => Ok(()),
            _ => Err(store::Error::Conflict("the case was changed meanwhile".into())),
        }
    }

    /// The rows of what waits to be done.
    fn tasks(&self, d: &Derived) -> Vec<Task> {
        let row = |(no, work): (i64, Work)| {
            let step = work.step.and_then(|step| i64::try_from(step).ok());
            let (org, holder) = (work.org.uuid(), work.holder.map(StaffId::uuid));
            let (kind, place) = (work.kind.as_str().to_owned(), (self.district.clone(), self.town.clone()));
            (self.id.uuid(), no, kind, step, org, holder, place.0, place.1, d.due_on.clone())
        };
        (0_i64..).zip(self.case.work()).map(row).collect()
    }
}

/// The columns of a row of `case_task`.
fn task_row(task: &Task) -> [Val<'_>; 9] {
    let (case, no, kind, step, org, holder, district, town, due_on) = task;
    [
        (*case).into(),
        (*no).into(),
        kind.into(),
        (*step).into(),
        (*org).into(),
        (*holder).into(),
        district.into(),
        town.into(),
        due_on.into(),
    ]
}

impl Aggregate for CaseRecord {
    const STREAM: &'static str = "case";
    type Event = Event;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn kind(event: &Event) -> &'static str {
        event.kind()
    }

    fn happened_at(event: &Event) -> Timestamp {
        event.at
    }

    fn apply(self, event: &Event) -> Self {
        Self { version: self.version + 1, case: apply(self.case, event), ..self }
    }

    async fn save(&self, tx: &Tx, was: i64) -> store::Result<()> {
        let derived = self
            .derived()
            .ok_or_else(|| store::Error::Other("a case without a submission has no row".into()))?;
        let state = serde_json::to_string(&self.case).map_err(|e| store::Error::Other(e.to_string()))?;
        if was == 0 {
            self.insert(tx, &derived, &state, self.version).await
        } else {
            self.update(tx, &derived, &state, was, self.version).await
        }
    }
}

/// The stored word of a value that JSON writes as one.
pub fn word(value: &impl serde::Serialize) -> store::Result<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        other => Err(store::Error::Other(format!("a word was expected, found {other:?}"))),
    }
}

impl Proven for CaseRecord {
    const ROWS_AFTER: &'static str = sql::CASES_AFTER;

    fn columns_fit(&self, row: &Row<'_>) -> store::Result<bool> {
        let (Some(derived), Some(submission)) = (self.derived(), &self.case.submission) else {
            return Ok(false);
        };
        Ok(row.get::<String>(10)? == derived.status
            && row.get::<i64>(11)? == i64::from(derived.is_open)
            && row.get::<Uuid>(12)? == derived.handling_org
            && row.get::<String>(13)? == derived.due_on
            && row.get::<Uuid>(14)? == submission.application.uuid()
            && row.get::<Uuid>(15)? == submission.applicant.person().uuid()
            && row.get::<String>(16)? == submission.terms.item_code
            && row.get::<String>(17)? == submission.terms.item_name
            && row.get::<String>(18)? == word(&submission.terms.regime)?
            && row.get::<String>(19)? == word(&submission.channel)?
            && row.get::<Uuid>(20)? == submission.org.uuid()
            && submission.given.as_ref().is_none_or(|given| *given == self.given()))
    }

    fn unfolded(&self) -> Self {
        Self { version: 0, case: Case::default(), ..self.clone() }
    }

    async fn beside(tx: &Tx, after: Uuid, rows: &[&Self]) -> store::Result<Option<Uuid>> {
        let Some(last) = rows.last() else { return Ok(None) };
        let expected = rows.iter().filter_map(|row| Some(row.tasks(&row.derived()?)));
        let expected: Vec<Task> = expected.flatten().collect();
        let found: Vec<Task> = tx.all(sql::TASKS_BETWEEN, &[after.into(), last.id.uuid().into()]).await?;
        let work = first_difference(&expected, &found, |task| task.0);
        let application = kept::first_without_application(tx, after, rows).await?;
        Ok(work.into_iter().chain(application).min())
    }

    async fn holds_what_it_names(tx: &Tx, event: &Event) -> store::Result<bool> {
        kept::named_by(tx, &event.what).await
    }
}

impl FromRow for CaseRecord {
    fn from_row(row: &Row<'_>) -> store::Result<Self> {
        let state: String = row.get(8)?;
        Ok(Self {
            id: CaseId::from(row.get::<Uuid>(0)?),
            version: row.get(1)?,
            number: row.get(2)?,
            query_index: row.get(3)?,
            exchange_number: row.get(4)?,
            district: row.get(5)?,
            town: row.get(6)?,
            submitted_at: row.get(7)?,
            entered_by: row.get::<Option<Uuid>>(9)?.map(StaffId::from),
            case: serde_json::from_str(&state)
                .map_err(|e| store::Error::Corrupt(format!("state of a case: {e}")))?,
        })
    }
}
