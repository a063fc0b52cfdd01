//! Finding an item: the list by department or theme, and what a search finds.

use super::guide::{Line, line};
use super::percent;
use crate::Ctx;
use crate::catalogue::{Catalogue, Entry, Filter};
use crate::web::Fault;
use crate::web::page::{Look, public};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

/// Items on one page of a list.
const PAGE: usize = 20;
/// What is typed into the search box is not longer than this; the rest is cut.
const LONGEST: usize = 60;

/// What the list of items may be asked for.
#[derive(Deserialize, Default)]
pub(super) struct Ask {
    #[serde(default)]
    q: String,
    #[serde(default)]
    department: String,
    #[serde(default)]
    theme: String,
    #[serde(default, rename = "for")]
    audience: String,
    #[serde(default)]
    after: String,
}

/// A button of the filter.
struct Choice {
    text: String,
    href: String,
    count: usize,
    current: bool,
}

/// Words about what was found.
struct Heading {
    title: String,
    /// Said above the list: what was searched for instead, or that these are only perhaps related.
    remark: String,
    /// The word that was probably meant, with its address.
    meant: Option<(String, String)>,
    /// Where to go when it is not done here.
    elsewhere: Option<String>,
}

#[derive(Template)]
#[template(path = "portal/items.html")]
struct Items<'a> {
    q: &'a str,
    department: &'a str,
    theme: &'a str,
    firms: bool,
    heading: Heading,
    departments: Vec<Choice>,
    rows: Vec<Line>,
    first: String,
    next: String,
    past_first: bool,
}

/// `GET /items?q=&department=&theme=&for=&after=`: the list, or what was found.
pub(super) async fn items(
    State(ctx): State<Ctx>,
    look: Look,
    Query(mut ask): Query<Ask>,
) -> Result<Response, Fault> {
    ask.q = ask.q.trim().chars().take(LONGEST).collect();
    let catalogue = ctx.catalogue();
    if !ask.after.is_empty() && catalogue.item(&ask.after).is_none() {
        return Err(Fault::bad_request("after", "翻页的位置不对，请从“办事”首页重新翻。"));
    }
    let page = if ask.q.is_empty() { listed(&catalogue, &ask) } else { found(&catalogue, &ask) };
    let title = page.heading.title.clone();
    let body = Items {
        q: &ask.q,
        department: &ask.department,
        theme: &ask.theme,
        firms: ask.firms(),
        heading: page.heading,
        departments: departments(&catalogue, &ask),
        rows: page.rows,
        first: ask.link(&ask.department, ""),
        next: page.next.map(|last| ask.link(&ask.department, &last)).unwrap_or_default(),
        past_first: !ask.after.is_empty(),
    };
    public(&title, &look, &body)
}

impl Ask {
    fn firms(&self) -> bool {
        self.audience == "firms"
    }

    fn wanted(&self) -> Filter<'_> {
        Filter { department: &self.department, theme: &self.theme, firms: self.firms() }
    }

    /// The address of the same question for another department, or after another item.
    fn link(&self, department: &str, after: &str) -> String {
        let mut link = format!("/items?q={}&department={}", percent(&self.q), percent(department));
        if !self.theme.is_empty() {
            link.push_str(&format!("&theme={}", percent(&self.theme)));
        }
        if self.firms() {
            link.push_str("&for=firms");
        }
        if !after.is_empty() {
            link.push_str(&format!("&after={after}"));
        }
        link
    }
}

/// One page of rows, and the item the next one starts after.
struct Page {
    heading: Heading,
    rows: Vec<Line>,
    next: Option<String>,
}

fn listed(all: &Catalogue, ask: &Ask) -> Page {
    let after = all.item(&ask.after).map_or(0, Entry::no);
    let slice = all.list(ask.wanted(), after, PAGE);
    let title = match (ask.theme.as_str(), ask.department.as_str(), ask.firms()) {
        ("", "", false) => "全部事项".to_owned(),
        ("", "", true) => "企业和单位的事项".to_owned(),
        ("", department, _) => format!("{department}的事项"),
        (theme, _, true) => format!("企业和单位：{theme}"),
        (theme, _, false) => theme.to_owned(),
    };
    Page {
        heading: Heading { title, remark: String::new(), meant: None, elsewhere: None },
        next: slice.next.and(slice.rows.last()).map(|last| last.slug()),
        rows: slice.rows.into_iter().map(|entry| line(entry, &[])).collect(),
    }
}

/// Results are ranked; the next page starts after an item, wherever it stands in the ranking by then.
fn found(all: &Catalogue, ask: &Ask) -> Page {
    let found = all.search(&ask.q, ask.wanted());
    let start = found.matches.iter().position(|one| one.entry.slug() == ask.after).map_or(0, |at| at + 1);
    let shown = &found.matches[start..(start + PAGE).min(found.matches.len())];
    let meant = found.meant.clone().map(|word| {
        let href = format!("/items?q={}", percent(&word));
        (word, href)
    });
    let sure = found.matches.first().is_some_and(|best| best.strong);
    let remark = match &meant {
        _ if found.matches.is_empty() || found.elsewhere.is_some() && !sure => String::new(),
        Some((word, _)) if found.instead => format!("没有找到“{}”，下面是“{word}”的结果。", ask.q),
        _ if !sure => "没有完全对上的事项，下面这些可能有关。".to_owned(),
        _ => String::new(),
    };
    Page {
        heading: Heading {
            title: format!("“{}”的搜索结果", ask.q),
            remark,
            meant: meant.filter(|_| !found.instead),
            elsewhere: found.elsewhere.clone(),
        },
        next: (start + PAGE < found.matches.len())
            .then(|| shown.last().map(|one| one.entry.slug()))
            .flatten(),
        rows: shown.iter().map(|one| line(one.entry, &one.marks)).collect(),
    }
}

/// All departments that have something of what is asked for.
fn departments(all: &Catalogue, ask: &Ask) -> Vec<Choice> {
    let wanted = Filter { department: "", ..ask.wanted() };
    let pool: Vec<&Entry> = if ask.q.is_empty() {
        all.list(wanted, 0, usize::MAX).rows
    } else {
        all.search(&ask.q, wanted).matches.into_iter().map(|one| one.entry).collect()
    };
    let count = |name: &str| pool.iter().filter(|entry| entry.department() == name).count();
    let every = Choice {
        text: "全部部门".to_owned(),
        href: ask.link("", ""),
        count: pool.len(),
        current: ask.department.is_empty(),
    };
    let each = all.departments().iter().map(|(name, _)| Choice {
        text: name.clone(),
        href: ask.link(name, ""),
        count: count(name),
        current: *name == ask.department,
    });
    std::iter::once(every).chain(each.filter(|choice| choice.count > 0 || choice.current)).collect()
}
