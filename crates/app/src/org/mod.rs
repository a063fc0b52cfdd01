//! What administrators change of the city while it runs: organisations 机构 and working days 工作日. The files of the
//! city stay the base; changes are kept as events and laid over it, on this node at once and on others within a second.

mod records;
pub mod sql;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use domain::catalogue::Regime;
use domain::kernel::OrgId;
use domain::kernel::time::legal_day;
use domain::org::{
    OfficeCommand, OfficeFacts, OfficeRefusal, Workdays, WorkdaysCommand, WorkdaysRefusal, decide_office,
    stable_id,
};
use store::journal::Stamp;
use store::{Tx, Work, jobs};

pub use records::{OfficeRecord, WorkdaysRecord};

use crate::Ctx;
use crate::city::{Changes, City};
use crate::run::commit;

/// The queue whose jobs count the due days of all open cases anew; the body is a [`Recount`].
pub const RECOMPUTE_DUE: &str = "recompute_due";

/// The body of a job of [`RECOMPUTE_DUE`].
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Recount {
    /// The document behind the change, as it goes into the journal of each case.
    pub notice: String,
    /// How many changes the calendar has had with this one.
    pub version: i64,
}

/// Why nothing was changed.
#[derive(Debug)]
pub enum ChangeError<R> {
    /// The rules are against it; every reason.
    Refused(Vec<R>),
    /// Somebody else changed it since it was shown.
    Stale,
    /// There is no such thing.
    Absent,
    /// The data could not be read or written.
    Store(store::Error),
}

impl<R> From<store::Error> for ChangeError<R> {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Conflict(_) => Self::Stale,
            other => Self::Store(other),
        }
    }
}

impl<R: fmt::Display> fmt::Display for ChangeError<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(why) => {
                let told: Vec<String> = why.iter().map(ToString::to_string).collect();
                f.write_str(&told.join("；"))
            }
            Self::Stale => f.write_str("在您填写的时候别人改过了，请刷新页面，看过新的内容再改"),
            Self::Absent => f.write_str("没有找到，请从列表里重新打开"),
            Self::Store(error) => write!(f, "{error}"),
        }
    }
}

struct ChangeOffice {
    id: OrgId,
    version: i64,
    command: OfficeCommand,
    city: Arc<City>,
    stamp: Stamp,
}

impl ChangeOffice {
    fn name_taken(&self) -> bool {
        let OfficeCommand::Describe(wish) = &self.command else { return false };
        let Some(above) = self.city.org(self.id).and_then(|org| org.path.parent()) else { return false };
        self.city.orgs.iter().any(|other| {
            other.id != self.id
                && other.name == wish.name.trim()
                && other.path.parent() == Some(above.clone())
        })
    }
}

impl Work for ChangeOffice {
    type Out = OfficeRecord;
    type Err = ChangeError<OfficeRefusal>;

    async fn run(&self, tx: &Tx) -> Result<OfficeRecord, Self::Err> {
        let base = self.city.org_in_files(self.id).ok_or(ChangeError::Absent)?;
        let kept: Option<OfficeRecord> = tx.opt(sql::OFFICE, &[self.id.uuid().into()]).await?;
        let record = kept.unwrap_or_else(|| OfficeRecord::untouched(self.id));
        if record.version != self.version {
            return Err(ChangeError::Stale);
        }
        let item_is_immediate = match &self.command {
            OfficeCommand::Authorise { item, .. } => {
                self.city.item(*item).is_some_and(|item| item.regime.value == Regime::Immediate)
            }
            _ => false,
        };
        let org = base.with_office(&record.office);
        let at = self.stamp.entered_at;
        let facts = OfficeFacts { org: &org, at, name_taken: self.name_taken(), item_is_immediate };
        let events = decide_office(&record.office, &self.command, &facts).map_err(ChangeError::Refused)?;
        Ok(commit(tx, record, &events, &self.stamp).await?)
    }
}

/// Changes an organisation whose record was shown at `version`.
///
/// # Errors
/// [`ChangeError`].
pub async fn change_office(
    ctx: &Ctx,
    id: OrgId,
    version: i64,
    command: OfficeCommand,
    stamp: Stamp,
) -> Result<OfficeRecord, ChangeError<OfficeRefusal>> {
    let done = ctx.db.write(ChangeOffice { id, version, command, city: ctx.city(), stamp }).await?;
    refresh(ctx).await?;
    Ok(done)
}

struct ChangeWorkdays {
    id: uuid::Uuid,
    version: i64,
    command: WorkdaysCommand,
    stamp: Stamp,
}

impl Work for ChangeWorkdays {
    type Out = WorkdaysRecord;
    type Err = ChangeError<WorkdaysRefusal>;

    async fn run(&self, tx: &Tx) -> Result<WorkdaysRecord, Self::Err> {
        let kept: Option<WorkdaysRecord> = tx.opt(sql::WORKDAYS, &[self.id.into()]).await?;
        let record = kept.unwrap_or_else(|| no_notices(self.id));
        if record.version != self.version {
            return Err(ChangeError::Stale);
        }
        let at = self.stamp.entered_at;
        let events =
            record.workdays.decide(&self.command, at, legal_day(at)).map_err(ChangeError::Refused)?;
        let done = commit(tx, record, &events, &self.stamp).await?;
        let recount = Recount { notice: told(&done.workdays, &self.command), version: done.version };
        let body = serde_json::to_string(&recount).map_err(|e| store::Error::Other(e.to_string()))?;
        jobs::push(tx, RECOMPUTE_DUE, &done.version.to_string(), &body, at).await?;
        Ok(done)
    }
}

/// The change in the words that stand in the journal of each case it moves.
fn told(workdays: &Workdays, command: &WorkdaysCommand) -> String {
    match command {
        WorkdaysCommand::Enter { source, .. } => source.trim().to_owned(),
        WorkdaysCommand::Withdraw { no, reason } => {
            let source = workdays.notices.iter().find(|notice| notice.no == *no).map(|n| n.source.as_str());
            format!("撤销“{}”：{}", source.unwrap_or_default(), reason.trim())
        }
    }
}

/// Changes the working days, whose record was shown at `version`, and has the due days of open cases counted anew.
///
/// # Errors
/// [`ChangeError`].
pub async fn change_workdays(
    ctx: &Ctx,
    version: i64,
    command: WorkdaysCommand,
    stamp: Stamp,
) -> Result<WorkdaysRecord, ChangeError<WorkdaysRefusal>> {
    let id = workdays_id(&ctx.city());
    let done = ctx.db.write(ChangeWorkdays { id, version, command, stamp }).await?;
    refresh(ctx).await?;
    Ok(done)
}

fn workdays_id(city: &City) -> uuid::Uuid {
    stable_id("calendar", city.code.as_str())
}

fn no_notices(id: uuid::Uuid) -> WorkdaysRecord {
    WorkdaysRecord { id, version: 0, workdays: Workdays::default() }
}

struct Version;

impl Work for Version {
    type Out = i64;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<i64> {
        let Some((text,)) = tx.opt::<(String,)>(sql::CHANGES, &[]).await? else { return Ok(0) };
        text.parse().map_err(|_| store::Error::Corrupt(format!("the number of changes is “{text}”")))
    }
}

struct Kept(uuid::Uuid);

impl Work for Kept {
    type Out = Changes;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Changes> {
        let offices: Vec<OfficeRecord> = tx.all(sql::OFFICES, &[]).await?;
        let workdays: Option<WorkdaysRecord> = tx.opt(sql::WORKDAYS, &[self.0.into()]).await?;
        Ok(Changes {
            version: Version.run(tx).await?,
            offices: offices.into_iter().map(|record| (record.id, record.office)).collect(),
            workdays: workdays.map(|record| record.workdays).unwrap_or_default(),
        })
    }
}

/// Takes over what administrators have changed since this node last looked, and says whether there was anything. It
/// reads one row when nothing has changed: the worker calls it every second, a start calls it once.
///
/// # Errors
/// When the data cannot be read.
pub async fn refresh(ctx: &Ctx) -> store::Result<bool> {
    let city = ctx.city();
    if ctx.db.read(Version).await? == city.changes {
        return Ok(false);
    }
    let changes = ctx.db.read(Kept(workdays_id(&city))).await?;
    ctx.take_over(city.with_changes(&changes));
    Ok(true)
}

struct Office(OrgId);

impl Work for Office {
    type Out = OfficeRecord;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<OfficeRecord> {
        let kept = tx.opt(sql::OFFICE, &[self.0.uuid().into()]).await?;
        Ok(kept.unwrap_or_else(|| OfficeRecord::untouched(self.0)))
    }
}

/// What is kept about an organisation, with the version that a form carries.
///
/// # Errors
/// When the data cannot be read.
pub async fn office(ctx: &Ctx, id: OrgId) -> store::Result<OfficeRecord> {
    ctx.db.read(Office(id)).await
}

struct Notices(uuid::Uuid);

impl Work for Notices {
    type Out = WorkdaysRecord;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<WorkdaysRecord> {
        Ok(tx.opt(sql::WORKDAYS, &[self.0.into()]).await?.unwrap_or_else(|| no_notices(self.0)))
    }
}

/// The notices about working days, with the version that a form carries.
///
/// # Errors
/// When the data cannot be read.
pub async fn workdays(ctx: &Ctx) -> store::Result<WorkdaysRecord> {
    ctx.db.read(Notices(workdays_id(&ctx.city()))).await
}
