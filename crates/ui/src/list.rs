//! What lists something: steps, timeline, summary, table with pager, empty state, dialog.

use crate::html::html_safe;
use crate::{Button, SafeHtml};
use askama::Template;

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Behind us.
    Done,
    /// Where we are.
    Now,
    /// Ahead.
    Ahead,
}

/// One step.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its name: 已受理.
    pub text: String,
    /// Where it stands.
    pub state: StepState,
}

/// At most six steps in a row; the current one is said in words too.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<ol class="zw-steps">{% for s in steps %}<li{% if s.state == StepState::Done %} data-done{% endif %}{% if s.state == StepState::Now %} aria-current="step"{% endif %}><span>{{ s.text }}{% if s.state == StepState::Done %}<span class="zw-vh">（已完成）</span>{% endif %}</span></li>{% endfor %}</ol>{% if let Some((no, text)) = self.now() %}<p class="zw-small mt2">第 {{ no }} 步，共 {{ steps.len() }} 步：{{ text }}</p>{% endif %}"#
)]
pub struct Steps {
    steps: Vec<Step>,
}

impl Steps {
    /// Names in order; `now` counts from 0, the steps before it are done. `now == names.len()`: all done.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>, now: usize) -> Self {
        let state = |i: usize| match i.cmp(&now) {
            std::cmp::Ordering::Less => StepState::Done,
            std::cmp::Ordering::Equal => StepState::Now,
            std::cmp::Ordering::Greater => StepState::Ahead,
        };
        let steps =
            names.into_iter().enumerate().map(|(i, text)| Step { text: text.to_owned(), state: state(i) });
        Self { steps: steps.collect() }
    }
    fn now(&self) -> Option<(usize, &str)> {
        let at = self.steps.iter().position(|step| step.state == StepState::Now)?;
        self.steps.get(at).map(|step| (at + 1, step.text.as_str()))
    }
}

/// One thing that happened, or will.
#[derive(Clone, Debug)]
pub struct Moment {
    /// What: 已受理.
    pub what: String,
    /// When, in words: 11 月 23 日 10:42. Empty when it has not happened.
    pub when: String,
    /// Who: 青龙街道为民服务中心. Empty for nobody.
    pub who: String,
    /// More: a note, a link. Empty for nothing.
    pub more: SafeHtml,
    /// Where it stands.
    pub state: StepState,
}

/// What happened with who and when. Newest last for citizens, newest first for staff: the caller orders.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<ol class="zw-timeline">{% for m in moments %}<li{% if m.state == StepState::Done %} data-done{% endif %}{% if m.state == StepState::Now %} aria-current="step"{% endif %}><strong>{{ m.what }}</strong>{% if !m.when.is_empty() || !m.who.is_empty() %}<p class="zw-small zw-muted">{{ m.when }}{% if !m.when.is_empty() && !m.who.is_empty() %} · {% endif %}{{ m.who }}</p>{% endif %}{% if !m.more.is_empty() %}<div>{{ m.more }}</div>{% endif %}</li>{% endfor %}</ol>"#
)]
pub struct Timeline {
    moments: Vec<Moment>,
}

impl Timeline {
    /// Moments in the order shown.
    pub fn new(moments: Vec<Moment>) -> Self {
        Self { moments }
    }
}

/// One answered question.
#[derive(Clone, Debug)]
pub struct SummaryRow {
    key: String,
    value: SafeHtml,
    source: String,
    change: Option<String>,
    fixed: bool,
}

impl SummaryRow {
    /// Question and answer.
    pub fn new(key: impl Into<String>, value: impl Into<SafeHtml>) -> Self {
        Self { key: key.into(), value: value.into(), source: String::new(), change: None, fixed: false }
    }
    /// Where a prefilled answer comes from: 来自实名认证.
    pub fn source(mut self, source: impl Into<String>) -> Self {
        self.source = source.into();
        self
    }
    /// Where 修改 leads.
    pub fn change(mut self, href: impl Into<String>) -> Self {
        self.change = Some(href.into());
        self
    }
    /// Says 不可改.
    pub fn fixed(mut self) -> Self {
        self.fixed = true;
        self
    }
}

/// Answers to be checked: question, answer with its source, change link.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<dl class="zw-summary">{% for r in rows %}<div><dt>{{ r.key }}</dt><dd>{{ r.value }}{% if !r.source.is_empty() %} {{ crate::Tag::new(crate::TagKind::Green, r.source.as_str()) }}{% endif %}</dd>{% if let Some(href) = r.change %}<dd><a href="{{ href }}">修改<span class="zw-vh">{{ r.key }}</span></a></dd>{% else if r.fixed %}<dd><span class="zw-small zw-muted">不可改</span></dd>{% endif %}</div>{% endfor %}</dl>"#
)]
pub struct Summary {
    rows: Vec<SummaryRow>,
}

impl Summary {
    /// Rows in the order shown.
    pub fn new(rows: Vec<SummaryRow>) -> Self {
        Self { rows }
    }
}

/// Head of a column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its title.
    pub title: String,
    /// Numbers and actions stand right.
    pub right: bool,
}

/// What stands in a cell.
pub type Cell = SafeHtml;

/// One row of a table.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Cells, one a column.
    pub cells: Vec<Cell>,
    /// Where Enter leads (the same address as the link in the first cell); empty for nowhere.
    pub href: String,
    /// The next thing to do: a bar at the left.
    pub next: bool,
}

/// Link to the page after this one (keyset: no page numbers, no totals).
#[derive(Clone, Debug, Default)]
pub struct Pager {
    /// Address of the first page, when this is not it; empty else.
    pub first: String,
    /// Address of the next page; empty on the last one.
    pub next: String,
}

/// A table with caption, scroll for narrow screens, and pager. j and k move, Enter opens.
#[derive(Clone, Debug, Template)]
#[template(path = "table.html")]
pub struct Table {
    caption: String,
    columns: Vec<Column>,
    rows: Vec<Row>,
    empty: Option<Empty>,
    pager: Pager,
}

impl Table {
    /// A table; a title that starts with `>` stands right.
    pub fn new<'a>(caption: impl Into<String>, columns: impl IntoIterator<Item = &'a str>) -> Self {
        let column = |title: &str| match title.strip_prefix('>') {
            Some(rest) => Column { title: rest.to_owned(), right: true },
            None => Column { title: title.to_owned(), right: false },
        };
        Self {
            caption: caption.into(),
            columns: columns.into_iter().map(column).collect(),
            rows: Vec::new(),
            empty: None,
            pager: Pager::default(),
        }
    }
    /// Its rows.
    pub fn rows(mut self, rows: Vec<Row>) -> Self {
        self.rows = rows;
        self
    }
    /// What is shown when there are none.
    pub fn empty(mut self, empty: Empty) -> Self {
        self.empty = Some(empty);
        self
    }
    /// Links to other pages of the list.
    pub fn pager(mut self, pager: Pager) -> Self {
        self.pager = pager;
        self
    }
    fn right(&self, column: &usize) -> bool {
        self.columns.get(*column).is_some_and(|c| c.right)
    }
}

/// Why nothing is there, and what to do next.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<div class="zw-empty"><p><strong>{{ why }}</strong></p>{% if !then.is_empty() %}<p class="zw-muted">{{ then }}</p>{% endif %}{% if let Some(button) = button %}<p class="mt3">{{ button }}</p>{% endif %}</div>"#
)]
pub struct Empty {
    why: String,
    then: String,
    button: Option<Button>,
}

impl Empty {
    /// Why it is empty; what to do next.
    pub fn new(why: impl Into<String>, then: impl Into<String>) -> Self {
        Self { why: why.into(), then: then.into(), button: None }
    }
    /// With the button that does it.
    pub fn button(mut self, button: Button) -> Self {
        self.button = Some(button);
        self
    }
}

/// A question in a window of its own; opened by an element with `data-open="ID"`. Where scripts do not run the same
/// element should be a link to a page that asks the same.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<dialog id="{{ id }}" class="zw-dialog" aria-labelledby="{{ id }}-h"><h2 id="{{ id }}-h">{{ title }}</h2><div class="zw-stack">{{ body }}</div><form method="dialog" class="mt3"><button class="zw-btn" type="submit">不了，回去</button></form></dialog>"#
)]
pub struct Dialog {
    id: String,
    title: String,
    body: SafeHtml,
}

impl Dialog {
    /// Window with a title and what stands in it (its own form, if it does something).
    pub fn new(id: impl Into<String>, title: impl Into<String>, body: SafeHtml) -> Self {
        Self { id: id.into(), title: title.into(), body }
    }
}

html_safe!(Steps, Timeline, Summary, Table, Empty, Dialog);
