//! Small signs: icons, tags, lights, notes, the way back.

use crate::SafeHtml;
use crate::html::html_safe;
use askama::Template;

/// A picture of the sprite; decoration only, the words stand beside it.
#[derive(Clone, Copy, Debug, Template)]
#[template(
    ext = "html",
    source = r##"<svg class="zw-ic" aria-hidden="true" focusable="false"><use href="{{ crate::asset_path("icons.svg") }}#{{ name }}"></use></svg>"##
)]
pub struct Icon {
    name: &'static str,
}

impl Icon {
    /// baby work card home id care elder biz search list clock user check warn pin cam print sound help phone.
    pub fn new(name: &'static str) -> Self {
        Self { name }
    }
}

/// Colour of a tag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TagKind {
    /// A plain fact.
    #[default]
    Plain,
    /// A property: 就近办.
    Blue,
    /// Done, verified.
    Green,
    /// Waits for somebody.
    Amber,
    /// Missing, overdue.
    Red,
    /// Priority.
    Violet,
}

/// A fact in a word or two; never clickable.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<span class="zw-tag{{ self.class() }}">{% if let Some(icon) = self.icon() %}{{ icon }}{% endif %}{{ text }}</span>"#
)]
pub struct Tag {
    kind: TagKind,
    text: String,
}

impl Tag {
    /// A tag of a colour.
    pub fn new(kind: TagKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }
    fn class(&self) -> &'static str {
        match self.kind {
            TagKind::Plain => "",
            TagKind::Blue => " zw-tag--blue",
            TagKind::Green => " zw-tag--green",
            TagKind::Amber => " zw-tag--amber",
            TagKind::Red => " zw-tag--red",
            TagKind::Violet => " zw-tag--violet",
        }
    }
    fn icon(&self) -> Option<Icon> {
        match self.kind {
            TagKind::Green => Some(Icon::new("check")),
            TagKind::Amber | TagKind::Red => Some(Icon::new("warn")),
            _ => None,
        }
    }
}

/// State of a time limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LightState {
    /// 正常: a circle.
    OnTime,
    /// 预警: a triangle.
    Warning,
    /// 超期: a square.
    Overdue,
    /// 暂停计时: two bars.
    Stopped,
}

/// The light of a time limit: colour, shape and word, always all three.
#[derive(Clone, Debug, Template)]
#[template(ext = "html", source = r#"<span class="zw-light zw-light--{{ self.class() }}">{{ word }}</span>"#)]
pub struct Light {
    state: LightState,
    word: String,
}

impl Light {
    /// With its own word: 剩 1 天, 超期 2 天, 暂停计时（等您补材料）. An empty word becomes the plain one of the state.
    pub fn new(state: LightState, word: impl Into<String>) -> Self {
        let mut word = word.into();
        if word.trim().is_empty() {
            word = match state {
                LightState::OnTime => "正常",
                LightState::Warning => "快到期",
                LightState::Overdue => "超期",
                LightState::Stopped => "暂停计时",
            }
            .to_owned();
        }
        Self { state, word }
    }
    fn class(&self) -> &'static str {
        match self.state {
            LightState::OnTime => "green",
            LightState::Warning => "amber",
            LightState::Overdue => "red",
            LightState::Stopped => "gray",
        }
    }
}

/// Kind of a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// Something to know.
    Info,
    /// Something that waits for the reader.
    Warn,
    /// Something did not work.
    Error,
    /// Something was done.
    Ok,
}

/// A note on a page; at most one on a screen.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<section class="zw-note zw-note--{{ self.class() }}"{% if kind == NoteKind::Error %} role="alert"{% endif %}><div class="zw-row zw-between"><div>{% if !title.is_empty() %}<h2 class="fs1">{{ title }}</h2>{% endif %}{% if !body.is_empty() %}<div>{{ body }}</div>{% endif %}</div>{% if let Some((text, href)) = action %}<a class="zw-btn zw-btn--primary" href="{{ href }}">{{ text }}</a>{% endif %}</div></section>"#
)]
pub struct Note {
    kind: NoteKind,
    title: String,
    body: SafeHtml,
    action: Option<(String, String)>,
}

impl Note {
    /// A note with a title; what it says in full comes by [`Note::body`].
    pub fn new(kind: NoteKind, title: impl Into<String>) -> Self {
        Self { kind, title: title.into(), body: SafeHtml::default(), action: None }
    }
    /// What it says.
    pub fn body(mut self, body: impl Into<SafeHtml>) -> Self {
        self.body = body.into();
        self
    }
    /// The one thing to do now.
    pub fn action(mut self, text: impl Into<String>, href: impl Into<String>) -> Self {
        self.action = Some((text.into(), href.into()));
        self
    }
    fn class(&self) -> &'static str {
        match self.kind {
            NoteKind::Info => "info",
            NoteKind::Warn => "warn",
            NoteKind::Error => "error",
            NoteKind::Ok => "ok",
        }
    }
}

/// The link to the page before, first thing of a form step.
#[derive(Clone, Debug, Template)]
#[template(ext = "html", source = r#"<p><a class="zw-back" href="{{ href }}">{{ text }}</a></p>"#)]
pub struct BackLink {
    text: String,
    href: String,
}

impl BackLink {
    /// 返回上一步.
    pub fn to(href: impl Into<String>) -> Self {
        Self { text: "返回上一步".to_owned(), href: href.into() }
    }
    /// With its own words: 返回办件列表.
    pub fn named(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: href.into() }
    }
}

/// One place on the way to a page.
#[derive(Clone, Debug)]
pub struct Crumb {
    /// Its name.
    pub text: String,
    /// Its address; the last crumb, the page itself, has none.
    pub href: Option<String>,
}

/// The way from the front page to this one.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<nav class="zw-trail" aria-label="当前位置"><ol class="zw-crumbs">{% for c in crumbs %}<li>{% if let Some(href) = c.href %}<a href="{{ href }}">{{ c.text }}</a>{% else %}<span aria-current="page">{{ c.text }}</span>{% endif %}</li>{% endfor %}</ol></nav>"#
)]
pub struct Trail {
    crumbs: Vec<Crumb>,
}

impl Trail {
    /// Places above, each with its address, then the page itself.
    pub fn new<'a>(above: impl IntoIterator<Item = (&'a str, &'a str)>, page: impl Into<String>) -> Self {
        let mut crumbs: Vec<Crumb> = above
            .into_iter()
            .map(|(text, href)| Crumb { text: text.to_owned(), href: Some(href.to_owned()) })
            .collect();
        crumbs.push(Crumb { text: page.into(), href: None });
        Self { crumbs }
    }
}

html_safe!(Icon, Tag, Light, Note, BackLink, Trail);
