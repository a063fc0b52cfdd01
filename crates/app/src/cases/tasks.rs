//! 待办: the work that waits for a member of staff, from the indexes of their posts' places or of what they have taken.

use domain::cases::WorkKind;
use domain::catalogue::Regime;
use domain::kernel::{OrgId, StaffId};
use domain::rights::{self, Permission, Relation};
use jiff::civil::Date;
use store::{FromRow, Row, Tx, Val, Work};
use uuid::Uuid;

use super::lists::{Anchor, Raw, anchors};
use super::record::{NO_DUE_DAY, word};
use super::{After, CaseRow, MOST, Page, StaffActor, sql};
use crate::Ctx;

/// A piece of work in a list 待办.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRow {
    /// The case.
    pub case: CaseRow,
    /// Place among the case's pieces of work.
    pub no: i64,
    /// What is to be done.
    pub kind: WorkKind,
    /// The step, when it is one.
    pub step: Option<usize>,
    /// Whose staff do it.
    pub org: OrgId,
    /// Who has taken it.
    pub holder: Option<StaffId>,
}

/// What a list of work is narrowed to; the default is everything that waits.
#[derive(Debug, Clone, Default)]
pub struct TaskFilter {
    /// Only this kind of work.
    pub kind: Option<WorkKind>,
    /// Only these kinds; empty for all.
    pub kinds: &'static [WorkKind],
    /// Only this regime.
    pub regime: Option<Regime>,
    /// Only the item with this 实施编码.
    pub item_code: Option<String>,
    /// Due on this day or before.
    pub due_until: Option<Date>,
    /// Only what nobody has taken.
    pub unclaimed: bool,
    /// Only what this person has taken.
    pub mine: bool,
}

struct RawTask {
    no: i64,
    kind: WorkKind,
    step: Option<i64>,
    org: OrgId,
    holder: Option<StaffId>,
    due_on: String,
    case: Raw,
}

impl FromRow for RawTask {
    fn from_row(r: &Row<'_>) -> store::Result<Self> {
        let kind: String = r.get(1)?;
        Ok(Self {
            no: r.get(0)?,
            kind: WorkKind::from_stored(&kind)
                .ok_or_else(|| store::Error::Corrupt(format!("work of kind {kind}")))?,
            step: r.get(2)?,
            org: r.get::<Uuid>(3)?.into(),
            holder: r.get::<Option<Uuid>>(4)?.map(StaffId::from),
            due_on: r.get(5)?,
            case: Raw::read(r, 6)?,
        })
    }
}

impl RawTask {
    fn key(&self) -> After {
        After { due_on: self.due_on.clone(), id: self.case.row.id.uuid(), no: self.no }
    }

    fn shown(self, ctx: &Ctx) -> TaskRow {
        TaskRow {
            no: self.no,
            kind: self.kind,
            step: self.step.and_then(|step| usize::try_from(step).ok()),
            org: self.org,
            holder: self.holder,
            case: self.case.named(ctx),
        }
    }
}

/// Which index is read.
#[derive(Clone)]
enum Index {
    Place(Anchor),
    Holder(StaffId),
}

impl Index {
    fn key(&self) -> Val<'_> {
        match self {
            Self::Place(anchor) => anchor.key(),
            Self::Holder(staff) => staff.uuid().into(),
        }
    }

    const fn sql(&self) -> &'static str {
        match self {
            Self::Place(anchor) => anchor.pick([
                sql::TASKS_OF_ALL,
                sql::TASKS_OF_DISTRICT,
                sql::TASKS_OF_TOWN,
                sql::TASKS_OF_ORG,
            ]),
            Self::Holder(_) => sql::TASKS_OF_HOLDER,
        }
    }
}

#[derive(Clone)]
struct Tasks {
    index: Index,
    after: After,
    filter: TaskFilter,
    limit: usize,
}

impl Work for Tasks {
    type Out = Vec<RawTask>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Vec<RawTask>> {
        let filter = &self.filter;
        let regime = filter.regime.as_ref().map(word).transpose()?.unwrap_or_default();
        let until = filter.due_until.map_or_else(|| NO_DUE_DAY.to_owned(), |day| day.to_string());
        let item = filter.item_code.clone().unwrap_or_default();
        let row: [Val<'_>; 10] = [
            self.index.key(),
            (&self.after.due_on).into(),
            self.after.id.into(),
            self.after.no.into(),
            filter.kind.map_or("", WorkKind::as_str).into(),
            regime.as_str().into(),
            (&item).into(),
            (&until).into(),
            filter.unclaimed.into(),
            i64::try_from(self.limit).unwrap_or(i64::MAX).into(),
        ];
        tx.all(self.index.sql(), &row).await
    }
}

/// Reads on until `limit` rows fit: the index of a town also holds the work that departments do for it.
async fn fill(ctx: &Ctx, mut tasks: Tasks, fits: impl Fn(&RawTask) -> bool) -> store::Result<Vec<RawTask>> {
    let mut rows = Vec::new();
    loop {
        let page = ctx.db.read(tasks.clone()).await?;
        let full = page.len() >= tasks.limit;
        let last = page.last().map(RawTask::key);
        rows.extend(page.into_iter().filter(&fits));
        match last {
            Some(last) if full && rows.len() < tasks.limit => tasks.after = last,
            _ => return Ok(rows),
        }
    }
}

/// A page of the work that waits for this member of staff, nearest due day first: what lies with the organisations that
/// their posts reach, or what they have taken themselves.
///
/// # Errors
/// When the data cannot be read.
pub async fn worklist(
    ctx: &Ctx,
    staff: &StaffActor,
    filter: &TaskFilter,
    after: Option<&After>,
    limit: usize,
) -> store::Result<Page<TaskRow>> {
    let (city, limit) = (ctx.city(), limit.clamp(1, MOST));
    let scope = rights::scope(&staff.rights, Permission::ViewCase);
    let indexes: Vec<Index> = if filter.mine {
        vec![Index::Holder(staff.id)]
    } else {
        anchors(&city, &scope).into_iter().map(Index::Place).collect()
    };
    let wanted = |kind| filter.kinds.is_empty() || filter.kinds.contains(&kind);
    let admitted = |org| city.org(org).is_some_and(|o| scope.admits(&o.path, Relation::Stranger));
    let fits = |row: &RawTask| wanted(row.kind) && admitted(row.org);
    let mut rows: Vec<RawTask> = Vec::new();
    for index in indexes {
        let after = after.cloned().unwrap_or_else(After::start);
        rows.extend(fill(ctx, Tasks { index, after, filter: filter.clone(), limit: limit + 1 }, fits).await?);
    }
    rows.sort_by_cached_key(|row| (row.due_on.clone(), row.case.row.id, row.no));
    rows.dedup_by(|a, b| a.key() == b.key());
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(RawTask::key);
    Ok(Page { rows: rows.into_iter().map(|raw| raw.shown(ctx)).collect(), next })
}
