//! The workstation drawn: person, item, form, checklist, what stands in the way, and the bar of deeds.

use super::frame::{self, Clerk, Draw, Now, Side, ago, tabs};
use super::items::{self, ItemView};
use super::materials::MaterialRow;
use super::posted::Posted;
use super::reasons::{self, Act, Concern, Reason, Standing};
use super::scans::{Docs, docs};
use super::sheet::{Parts, Sheet};
use super::tab::{MOST, Tab, Typed};
use super::who::{self, Faults};
use super::{find, waiting};
use crate::Ctx;
use crate::cases::{self, InFull};
use crate::identity::persons;
use crate::intake;
use crate::web::{Fault, Mode};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::cases::Status;
use domain::kernel::time::legal_day;
use domain::kernel::{CitizenId, FileId};
use ui::{ErrorSummary, Field, Note, SafeHtml, Steps, Tag, TagKind};

/// The person as the workstation shows them.
struct ApplicantView {
    name: String,
    document_kind: &'static str,
    document: String,
    phone: String,
    past: Vec<Past>,
    seen: Tag,
}

/// A case of the same person.
struct Past {
    href: String,
    text: String,
}

/// The part in which the person is found.
struct WhoView {
    fields: Vec<Field>,
    said: Option<String>,
    registering: bool,
}

#[derive(Template)]
#[template(path = "window/desk.html")]
struct Desk {
    side: Side,
    heading: String,
    note: Option<Note>,
    errors: ErrorSummary,
    address: String,
    page: String,
    version: i64,
    applicant: Option<ApplicantView>,
    in_full: SafeHtml,
    in_full_open: bool,
    /// What the applicant handed in before and this application still lacks: code of the material, and when.
    earlier: Vec<(String, String)>,
    who: WhoView,
    items: Vec<ItemView>,
    /// Another item may be added.
    room: bool,
    /// What people do in the same go: number and name.
    along: Vec<(String, String)>,
    find: find::Found,
    steps: Steps,
    fields: Vec<Field>,
    form_open: bool,
    filled: usize,
    asked: usize,
    rows: Vec<MaterialRow>,
    scan_next: Option<usize>,
    channel: Vec<Field>,
    channel_open: bool,
    channel_word: &'static str,
    memo: String,
    saved: String,
    docs: Option<Docs>,
    reasons: Vec<Reason>,
    concerns: Vec<Concern>,
    acts: Vec<Act>,
    oob: bool,
}

/// The parts of the workstation that follow what is typed.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% include "window/state.html" %}{% include "window/acts.html" %}<div id="steps" class="mt2" hx-swap-oob="true">{{ steps }}</div><span id="filled" hx-swap-oob="true">{{ filled }}/{{ asked }}</span>{% for s in items %}<span id="it-{{ loop.index }}" hx-swap-oob="true">{{ s }}</span>{% endfor %}{% for m in rows %}<span id="st-{{ m.no }}" hx-swap-oob="true">{{ m.state }}</span>{% endfor %}{% if !rows.is_empty() %}{% include "window/scan.html" %}{% endif %}"#
)]
struct State {
    steps: Steps,
    items: Vec<Tag>,
    reasons: Vec<Reason>,
    concerns: Vec<Concern>,
    acts: Vec<Act>,
    filled: usize,
    asked: usize,
    rows: Vec<MaterialRow>,
    scan_next: Option<usize>,
    oob: bool,
}

/// What a drawing of the workstation says besides what is kept.
#[derive(Default)]
pub(super) struct Show {
    /// A sentence at the top.
    pub note: Option<Note>,
    /// What is wrong with what was typed about the person.
    pub who: Faults,
    /// Say at every field of the form what is wrong.
    pub check: bool,
    /// The page of a material to look at.
    pub see: Option<FileId>,
    /// Another status than 200.
    pub status: Option<StatusCode>,
    /// What was typed and not kept; shown in place of what is kept.
    pub overlay: Option<Posted>,
    /// The person in full, after a reason was given.
    pub full: Option<InFull>,
}

/// Draws the workstation of a tab.
pub(super) async fn draw(
    ctx: &Ctx,
    clerk: &Clerk,
    mode: Mode,
    tab: &Tab,
    show: Show,
) -> Result<Response, Fault> {
    let sheet = Sheet::of(ctx, clerk, tab, show.check, show.overlay.as_ref()).await?;
    let status = show.status.unwrap_or(StatusCode::OK);
    let wrong = !show.who.is_empty() || show.status.is_some();
    let desk = compose(ctx, clerk, tab, sheet, show).await?;
    let title = desk.heading.clone();
    let here = frame::address(tab.id);
    Draw::new(clerk, mode, title, here).wrong(wrong, status).workstation(&desk)
}

/// Draws the parts that follow what is typed.
pub(super) async fn state(ctx: &Ctx, clerk: &Clerk, tab: &Tab) -> Result<Response, Fault> {
    let sheet = Sheet::of(ctx, clerk, tab, false, None).await?;
    let Standing { reasons, concerns, acts, items } = reasons::of(ctx, clerk, tab, sheet.as_ref()).await?;
    let steps = steps(tab, sheet.as_ref());
    let Parts { filled, asked, rows, .. } =
        sheet.map(|sheet| sheet.into_parts(clerk.only_files)).unwrap_or_default();
    let scan_next = scan_next(&rows);
    let state = State { steps, items, reasons, concerns, acts, filled, asked, rows, scan_next, oob: true };
    Ok(frame::html(StatusCode::OK, state.render().map_err(Fault::internal)?))
}

async fn compose(
    ctx: &Ctx,
    clerk: &Clerk,
    tab: &Tab,
    sheet: Option<Sheet>,
    show: Show,
) -> Result<Desk, Fault> {
    let typed = &tab.typed;
    let Standing { reasons, concerns, acts, items } = reasons::of(ctx, clerk, tab, sheet.as_ref()).await?;
    let items = items::views(ctx, typed, sheet.as_ref(), items);
    let (room, along) = items::more(ctx, items.len(), sheet.as_ref());
    let side = side(ctx, clerk, tab).await?;
    let address = frame::address(tab.id);
    let steps = steps(tab, sheet.as_ref());
    let who = WhoView {
        fields: who::fields(typed, &show.who),
        said: typed.unknown.then(|| "没有登记过这个号码。请照证件填写，登记后接着办。".to_owned()),
        registering: typed.unknown,
    };
    let errors = ErrorSummary::of(&who.fields);
    let docs = sheet.as_ref().and_then(|sheet| docs(sheet, &address, show.see));
    let parts = sheet.map(|sheet| sheet.into_parts(clerk.only_files)).unwrap_or_default();
    let scan_next = scan_next(&parts.rows);
    let in_full_open = show.full.is_some();
    let in_full = in_full(clerk, typed, show.full, &address)?;
    let earlier = earlier(ctx, clerk, tab, &parts.rows).await?;
    let heading = match &side.now {
        Some(now) if typed.person.is_some() => format!("{} {}", now.who, now.what),
        _ => "接待下一位".to_owned(),
    };
    Ok(Desk {
        applicant: applicant(ctx, clerk, typed).await?,
        in_full,
        in_full_open,
        earlier,
        items,
        room,
        along,
        find: find::found(ctx, &typed.find),
        heading,
        side,
        note: show.note,
        errors,
        page: ctx.new_uuid().simple().to_string(),
        version: tab.version,
        who,
        steps,
        fields: parts.fields,
        form_open: show.check || parts.filled < parts.asked,
        filled: parts.filled,
        asked: parts.asked,
        rows: parts.rows,
        scan_next,
        channel: parts.channel,
        channel_open: parts.channel_open,
        channel_word: parts.channel_word,
        memo: typed.memo.clone(),
        saved: format!("已保存 {}", frame::moment(tab.touched_at)),
        docs,
        reasons,
        concerns,
        acts,
        oob: false,
        address,
    })
}

/// The person in full, or the question for the reason; nothing to who may not ask.
fn in_full(clerk: &Clerk, typed: &Typed, full: Option<InFull>, address: &str) -> Result<SafeHtml, Fault> {
    Ok(match (full, typed.person) {
        (Some(full), _) => full.drawn()?,
        (None, Some(_)) if may_reveal(clerk) => InFull::asked(address.to_owned(), "").drawn()?,
        _ => SafeHtml::default(),
    })
}

/// The number of the next thing to ask for.
fn scan_next(rows: &[MaterialRow]) -> Option<usize> {
    rows.iter().find(|row| row.next).map(|row| row.no)
}

fn may_reveal(clerk: &Clerk) -> bool {
    clerk.staff.may(domain::rights::Permission::RevealPersonalData, &clerk.staff.at)
}

/// The materials without a page that lie in an earlier case of the same applicant, each with the item it was for.
async fn earlier(
    ctx: &Ctx,
    clerk: &Clerk,
    tab: &Tab,
    rows: &[MaterialRow],
) -> Result<Vec<(String, String)>, Fault> {
    let lacks = |code: &str| rows.iter().any(|row| row.code == code && row.asked && row.pages.is_empty());
    let Some(draft) = tab.draft.filter(|_| rows.iter().any(|row| lacks(&row.code))) else {
        return Ok(Vec::new());
    };
    let found = intake::reusable(ctx, intake::Owner::Staff(clerk.staff.id), draft).await?;
    let told = |one: intake::Reusable| {
        (one.material, format!("{} 页，办“{}”时交过", one.files.len(), one.item_name))
    };
    Ok(found.into_iter().filter(|one| lacks(&one.material)).map(told).collect())
}

/// The column at the left of a tab.
async fn side(ctx: &Ctx, clerk: &Clerk, tab: &Tab) -> Result<Side, Fault> {
    let now = Now {
        who: frame::person_name(ctx, tab).await?,
        what: frame::items_named(ctx, &tab.typed),
        since: ago(tab.opened_at, ctx.now()),
    };
    column(ctx, clerk, Some(now), Some(tab.id)).await
}

/// The column at the left.
pub(super) async fn column(
    ctx: &Ctx,
    clerk: &Clerk,
    now: Option<Now>,
    current: Option<uuid::Uuid>,
) -> Result<Side, Fault> {
    let (waiting, more_waiting) = waiting::nearest(ctx, clerk).await?;
    Ok(Side {
        now,
        tabs: tabs(ctx, clerk, current).await?,
        most: MOST,
        fresh: ctx.new_uuid(),
        waiting,
        more_waiting,
        hands_out: !clerk.only_files,
    })
}

async fn applicant(ctx: &Ctx, clerk: &Clerk, typed: &Typed) -> Result<Option<ApplicantView>, Fault> {
    let Some(shown) = typed.firm.or(typed.person) else { return Ok(None) };
    let Some(view) = persons::view(ctx, shown).await? else { return Ok(None) };
    let phone = match typed.person.filter(|_| view.known.is_firm()) {
        Some(handler) => {
            persons::view(ctx, handler).await?.map(|h| format!("{}（经办人 {}）", h.phone, h.name))
        }
        None => Some(view.phone.clone()),
    };
    let past = match typed.person {
        Some(person) => past(ctx, clerk, CitizenId(person)).await?,
        None => Vec::new(),
    };
    let seen = match view.known.assurance {
        persons::Assurance::Seen => Tag::new(TagKind::Green, "已核对证件"),
        persons::Assurance::Declared => Tag::new(TagKind::Amber, "请核对证件原件"),
    };
    Ok(Some(ApplicantView {
        name: view.name,
        document_kind: view.known.document.label(),
        document: view.document,
        phone: phone.unwrap_or_default(),
        past,
        seen,
    }))
}

/// How many earlier cases of a person are looked at.
const PAST: usize = 5;

/// The latest cases of the person that this clerk may see, first those that wait for the person.
async fn past(ctx: &Ctx, clerk: &Clerk, person: CitizenId) -> Result<Vec<Past>, Fault> {
    let (rows, _) = cases::mine(ctx, person, None, PAST).await?;
    let mut past = Vec::new();
    let (waiting, others): (Vec<_>, Vec<_>) =
        rows.into_iter().partition(|row| row.status == Status::Correcting);
    for row in waiting.into_iter().chain(others) {
        if cases::view(ctx, row.id, &clerk.by()).await.is_ok() {
            let text = format!("{}（{}）", row.item_name, row.status.label());
            past.push(Past { href: format!("/window/cases/{}", row.id), text });
        }
    }
    Ok(past)
}

fn steps(tab: &Tab, sheet: Option<&Sheet>) -> Steps {
    let (got, wanted) = sheet.map_or((0, 0), Sheet::progress);
    let form = sheet
        .map_or_else(|| "2 选事项、填表".to_owned(), |s| format!("2 填表（{}/{} 项）", s.filled, s.asked));
    let papers = sheet.map_or_else(|| "3 收材料".to_owned(), |_| format!("3 收材料（{got}/{wanted}）"));
    let names = ["1 身份核验", form.as_str(), papers.as_str(), "4 受理出回执"];
    let now = match sheet {
        _ if tab.typed.person.is_none() => 0,
        None => 1,
        Some(s) if s.filled < s.asked => 1,
        Some(_) if got < wanted => 2,
        Some(_) => 3,
    };
    Steps::new(names, now)
}

/// A sentence at the top of the workstation.
pub(super) fn said(kind: ui::NoteKind, title: &str, body: &str) -> Note {
    Note::new(kind, title).body(SafeHtml::text(body))
}

/// Today, as the law counts days.
pub(super) fn today(ctx: &Ctx) -> jiff::civil::Date {
    legal_day(ctx.now())
}
