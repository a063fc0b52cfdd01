//! What waits for the window: to be taken in, accepted, supplemented, handed over.

use super::frame::{Clerk, Waiting};
use crate::Ctx;
use crate::cases::{self, After, Nearness, Page, TaskFilter, TaskRow};
use crate::web::Fault;
use domain::cases::WorkKind;
use domain::kernel::time::legal_day;
use ui::{Tag, TagKind};

/// The lists of the window: the word in the address, what it says, the kinds of work in it.
pub(super) const LISTS: [(&str, &str, WorkKind); 6] = [
    ("receive", "等接件", WorkKind::Receive),
    ("accept", "等受理", WorkKind::Accept),
    ("supplement", "等申请人补材料", WorkKind::AwaitSupplement),
    ("report_up", "等上报", WorkKind::ReportUp),
    ("result", "等制作结果", WorkKind::MakeResult),
    ("handout", "等发件", WorkKind::Deliver),
];

/// How many things the column at the left shows.
const NEAREST: usize = 5;

/// A page of one kind of work at this window.
pub(super) async fn page(
    ctx: &Ctx,
    clerk: &Clerk,
    kind: WorkKind,
    after: Option<&After>,
    limit: usize,
) -> Result<Page<TaskRow>, Fault> {
    let filter = TaskFilter { kind: Some(kind), ..TaskFilter::default() };
    Ok(cases::worklist(ctx, &clerk.actor(), &filter, after, limit).await?)
}

/// The most that are counted; more is said as "99+".
const COUNTED: usize = 99;

/// How many things of a kind wait, as a list says it; nothing for none.
pub(super) async fn count(ctx: &Ctx, clerk: &Clerk, kind: WorkKind) -> Result<String, Fault> {
    let rows = page(ctx, clerk, kind, None, COUNTED).await?;
    Ok(match (rows.rows.len(), rows.next) {
        (0, _) => String::new(),
        (_, Some(_)) => format!(" {COUNTED}+"),
        (n, None) => format!(" {n}"),
    })
}

/// The nearest things that the window can do itself, and whether there are more.
pub(super) async fn nearest(ctx: &Ctx, clerk: &Clerk) -> Result<(Vec<Waiting>, bool), Fault> {
    let mut rows: Vec<TaskRow> = Vec::new();
    for kind in [WorkKind::Receive, WorkKind::Accept] {
        rows.extend(page(ctx, clerk, kind, None, NEAREST + 1).await?.rows);
    }
    rows.sort_by_key(|row| (row.case.due, row.case.id));
    let more = rows.len() > NEAREST;
    rows.truncate(NEAREST);
    let today = legal_day(ctx.now());
    let calendar = &ctx.city().calendar;
    let waiting = |row: TaskRow| Waiting {
        href: format!("/window/cases/{}", row.case.id),
        who: row.case.applicant.clone(),
        what: row.case.item_name.clone(),
        tag: match row.case.due.map(|due| Nearness::of(due, today, calendar)) {
            Some(Nearness::Late) => Tag::new(TagKind::Red, "超期"),
            Some(Nearness::Today) => Tag::new(TagKind::Amber, "今天到期"),
            _ => Tag::new(TagKind::Plain, row.kind.label()),
        },
    };
    Ok((rows.into_iter().map(waiting).collect(), more))
}
