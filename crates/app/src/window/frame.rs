//! What stands around every page of the window: the bar, the column at the left, the answer.

use super::tab::{self, MOST, Tab, Typed};
use crate::Ctx;
use crate::cases::{By, StaffActor};
use crate::identity::{Staff, persons};
use crate::web::page::{Look, send, staff_page};
use crate::web::{Fault, Mode};
use askama::Template;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION, VARY};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::kernel::{OrgId, time::wall_clock};
use domain::rights::{Permission, Role};
use jiff::Timestamp;
use ui::{Chrome, Shape};
use uuid::Uuid;

/// The clerk at a window: a member of staff with a post that takes cases in.
#[derive(Debug, Clone)]
pub(super) struct Clerk {
    /// The member of staff.
    pub staff: Staff,
    /// The organisation of the post: 受理单位.
    pub org: OrgId,
    /// Its name.
    pub org_name: String,
    /// Only hands applications in 代办员: what is taken in is judged at the window.
    pub only_files: bool,
}

impl Clerk {
    /// The clerk that this member of staff is, or the agent 代办员 who hands in for others.
    ///
    /// # Errors
    /// "Not found" for everybody else.
    pub fn of(ctx: &Ctx, staff: Staff) -> Result<Self, Fault> {
        let held = |role, right| {
            staff.posts.iter().find(|post| post.role == role).filter(|post| staff.may(right, &post.at))
        };
        let clerk = held(Role::WindowClerk, Permission::ReceiveCase);
        let post = clerk.or_else(|| held(Role::Agent, Permission::Apply)).ok_or_else(Fault::not_found)?;
        let (org, only_files) = (post.org, clerk.is_none());
        let org_name = ctx.city().org(org).map(|org| org.name.clone()).unwrap_or_default();
        Ok(Self { org, org_name, only_files, staff })
    }

    /// As cases see them.
    pub fn actor(&self) -> StaffActor {
        (&self.staff).into()
    }

    /// As cases see who looks and acts.
    pub fn by(&self) -> By {
        (&self.staff).into()
    }
}

/// `2 小时 5 分`: how long ago.
pub(super) fn ago(from: Timestamp, now: Timestamp) -> String {
    let minutes = now.duration_since(from).as_mins().max(0);
    match (minutes / 60, minutes % 60) {
        (0, 0) => "刚刚".to_owned(),
        (0, m) => format!("{m} 分"),
        (h, _) if h >= 48 => format!("{} 天", h / 24),
        (h, m) => format!("{h} 小时 {m} 分"),
    }
}

/// `3 月 2 日 9:05`.
pub(super) fn moment(at: Timestamp) -> String {
    let at = wall_clock(at);
    format!("{} 月 {} 日 {}:{:02}", at.month(), at.day(), at.hour(), at.minute())
}

/// `3 月 2 日`.
pub(super) fn day(day: jiff::civil::Date) -> String {
    format!("{} 月 {} 日", day.month(), day.day())
}

/// A tab in the column at the left.
#[derive(Debug, Clone)]
pub(super) struct TabLink {
    /// Where it leads.
    pub href: String,
    /// The key that opens it.
    pub key: &'static str,
    /// The person, masked.
    pub who: String,
    /// The item.
    pub what: String,
    /// How long it is open.
    pub since: String,
    /// It is the one on the page.
    pub current: bool,
}

/// What is being worked on.
#[derive(Debug, Clone)]
pub(super) struct Now {
    /// The person, masked.
    pub who: String,
    /// The item.
    pub what: String,
    /// How long it is open; empty when it is none that was opened here.
    pub since: String,
}

/// One thing that waits.
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    /// Where it leads.
    pub href: String,
    /// The person, masked.
    pub who: String,
    /// The item.
    pub what: String,
    /// What it waits for.
    pub tag: ui::Tag,
}

/// The column at the left.
#[derive(Debug, Clone)]
pub(super) struct Side {
    /// What is being worked on.
    pub now: Option<Now>,
    /// The tabs by their places.
    pub tabs: Vec<TabLink>,
    /// The most tabs.
    pub most: usize,
    /// An id for the next tab, so that a form sent twice opens one.
    pub fresh: Uuid,
    /// The nearest things that wait.
    pub waiting: Vec<Waiting>,
    /// There are more.
    pub more_waiting: bool,
    /// Results are handed out here.
    pub hands_out: bool,
}

const KEYS: [&str; MOST] = ["Alt+J", "Alt+K", "Alt+L"];

/// The tabs of the clerk; `current` is the one on the page.
pub(super) async fn tabs(ctx: &Ctx, clerk: &Clerk, current: Option<Uuid>) -> Result<Vec<TabLink>, Fault> {
    let mut links = Vec::new();
    for tab in tab::list(ctx, clerk.staff.id).await? {
        let place = tab.slot.and_then(|slot| usize::try_from(slot - 1).ok()).unwrap_or(0);
        links.push(TabLink {
            href: address(tab.id),
            key: KEYS.get(place).copied().unwrap_or_default(),
            who: person_name(ctx, &tab).await?,
            what: items_named(ctx, &tab.typed),
            since: format!("已打开 {}", ago(tab.opened_at, ctx.now())),
            current: current == Some(tab.id),
        });
    }
    Ok(links)
}

/// Who stands at the counter, masked.
pub(super) async fn person_name(ctx: &Ctx, tab: &Tab) -> Result<String, Fault> {
    let Some(id) = tab.typed.firm.or(tab.typed.person) else { return Ok("未登记".to_owned()) };
    Ok(persons::view(ctx, id).await?.map_or_else(|| "未登记".to_owned(), |view| view.name))
}

/// The items of a tab in a few words.
pub(super) fn items_named(ctx: &Ctx, typed: &Typed) -> String {
    let city = ctx.city();
    let named = |no: &str| city.item_by_seq(no.parse().ok()?).map(|item| item.identity.name.clone());
    match typed.items().filter_map(named).collect::<Vec<_>>().as_slice() {
        [] => "还没有选事项".to_owned(),
        [one] => one.clone(),
        [first, rest @ ..] => format!("{first} 等 {} 件", rest.len() + 1),
    }
}

/// Where a tab that has become a case leads: to the case, or to the receipt of several.
pub(super) fn outcome(tab: &Tab, case: impl std::fmt::Display) -> String {
    if tab.typed.more.is_empty() {
        format!("/window/cases/{case}?tab={}", tab.id)
    } else {
        format!("{}/done", address(tab.id))
    }
}

/// The address of a tab.
pub(super) fn address(tab: Uuid) -> String {
    format!("/window/tabs/{tab}")
}

/// What a page of the window is drawn with.
pub(super) struct Draw<'a> {
    /// Who works.
    pub clerk: &'a Clerk,
    /// Standard or elder.
    pub mode: Mode,
    /// Its title.
    pub title: String,
    /// Its own path.
    pub here: String,
    /// Something on it is wrong.
    pub wrong: bool,
    /// The answer's status.
    pub status: StatusCode,
}

impl<'a> Draw<'a> {
    /// A page that is as it should be.
    pub fn new(clerk: &'a Clerk, mode: Mode, title: impl Into<String>, here: impl Into<String>) -> Self {
        Self { clerk, mode, title: title.into(), here: here.into(), wrong: false, status: StatusCode::OK }
    }

    /// A form that came back.
    pub fn wrong(mut self, wrong: bool, status: StatusCode) -> Self {
        self.wrong = wrong;
        if wrong {
            self.status = status;
        }
        self
    }

    /// The rest of a workstation: the body brings its columns.
    pub fn workstation(self, body: &impl Template) -> Result<Response, Fault> {
        self.page(body, true, true, Shape::Own)
    }

    /// A page with one column.
    pub fn plain(self, shape: Shape, body: &impl Template) -> Result<Response, Fault> {
        self.page(body, false, false, shape)
    }

    /// A page with one column of which parts come later.
    pub fn live(self, shape: Shape, body: &impl Template) -> Result<Response, Fault> {
        self.page(body, false, true, shape)
    }

    fn page(
        self,
        body: &impl Template,
        workstation: bool,
        live: bool,
        shape: Shape,
    ) -> Result<Response, Fault> {
        let clerk = self.clerk;
        let look = Look { mode: self.mode, here: self.here, user: None };
        let mut page = staff_page(&self.title, &clerk.staff, &look, body)?;
        if let Chrome::Staff(bar) = &mut page.chrome {
            bar.org.clone_from(&clerk.org_name);
            bar.place = format!("综合窗口 · {}", clerk.staff.login);
            bar.workstation = workstation;
        }
        page.has_errors = self.wrong;
        page.head.live = live;
        page.shape = shape;
        send(self.status, &page)
    }
}

/// An answer with a page or a part of one; nothing of it is kept by the browser's cache.
pub(super) fn html(status: StatusCode, html: String) -> Response {
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CACHE_CONTROL, "no-store"), (VARY, "Cookie")];
    (status, headers, html).into_response()
}

/// See other: the browser asks for that page next.
pub(super) fn go(to: &str) -> Response {
    match HeaderValue::from_str(to) {
        Ok(to) => (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response(),
        Err(error) => Fault::internal(error).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_as_people_say_them() {
        let now: Timestamp = "2026-03-02T01:05:00Z".parse().unwrap();
        let before = |text: &str| ago(text.parse().unwrap(), now);
        assert_eq!(before("2026-03-02T01:04:40Z"), "刚刚");
        assert_eq!(before("2026-03-02T00:58:00Z"), "7 分");
        assert_eq!(before("2026-03-01T22:58:00Z"), "2 小时 7 分");
        assert_eq!(before("2026-02-27T01:05:00Z"), "3 天");
        assert_eq!(moment(now), "3 月 2 日 9:05");
    }
}
