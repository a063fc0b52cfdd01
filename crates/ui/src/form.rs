//! Form parts: buttons, fields with label, hint and error, the error summary.

use crate::html::html_safe;
use askama::Template;

/// Look of a button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// One of several.
    #[default]
    Plain,
    /// The one main action of the screen.
    Primary,
    /// Destroys or refuses.
    Danger,
}

/// A button, or a link that looks like one.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "button.html")]
pub struct Button {
    text: String,
    about: String,
    kind: ButtonKind,
    size: &'static str,
    href: Option<String>,
    name: String,
    value: String,
    form_action: String,
    key: String,
    icon: &'static str,
    print: bool,
    blocked: Option<(String, String)>,
}

impl Button {
    /// Sends its form. Say the verb: 确认并提交.
    pub fn submit(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
    /// Leads to a page.
    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: Some(href.into()), ..Self::default() }
    }
    /// Prints the page (hidden where scripts do not run).
    pub fn print(text: impl Into<String>) -> Self {
        Self { text: text.into(), print: true, icon: "print", ..Self::default() }
    }
    /// The main action.
    pub fn primary(mut self) -> Self {
        self.kind = ButtonKind::Primary;
        self
    }
    /// Destroys or refuses.
    pub fn danger(mut self) -> Self {
        self.kind = ButtonKind::Danger;
        self
    }
    /// Large: the buttons of a form step.
    pub fn large(mut self) -> Self {
        self.size = " zw-btn--lg";
        self
    }
    /// Small: in tables.
    pub fn small(mut self) -> Self {
        self.size = " zw-btn--sm";
        self
    }
    /// What the button is about, for screen readers: 查看 → 查看身份证.
    pub fn about(mut self, about: impl Into<String>) -> Self {
        self.about = about.into();
        self
    }
    /// The pair it sends when pressed.
    pub fn named(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.name = name.into();
        self.value = value.into();
        self
    }
    /// Sends its form elsewhere than the form says.
    pub fn form_action(mut self, path: impl Into<String>) -> Self {
        self.form_action = path.into();
        self
    }
    /// Key that presses it: F2, Ctrl+Enter.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = key.into();
        self
    }
    /// With an icon of the sprite.
    pub fn icon(mut self, icon: &'static str) -> Self {
        self.icon = icon;
        self
    }
    /// Cannot be pressed now: stays focusable and names the element (`id`) with the sentence that says why.
    /// The server refuses with the same sentence.
    pub fn blocked(mut self, id: impl Into<String>, why: impl Into<String>) -> Self {
        self.blocked = Some((id.into(), why.into()));
        self
    }
    fn class(&self) -> &'static str {
        match self.kind {
            ButtonKind::Plain => "",
            ButtonKind::Primary => " zw-btn--primary",
            ButtonKind::Danger => " zw-btn--danger",
        }
    }
}

/// Width of an input: hints at the length of the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// The whole column.
    #[default]
    Full,
    /// About 12 digits.
    Short,
    /// About 12 Chinese characters.
    Medium,
    /// About 20 Chinese characters.
    Long,
}

/// What a one-line text holds; fixes the type and the keyboard of phones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextKind {
    /// Any text.
    #[default]
    Text,
    /// A phone number.
    Tel,
    /// Digits only (codes, amounts in whole yuan).
    Digits,
    /// An amount with a point.
    Decimal,
    /// An ID number: digits and maybe X.
    IdNumber,
    /// An e-mail address.
    Email,
    /// A password.
    Password,
    /// A search box.
    Search,
}

impl TextKind {
    fn html_type(self) -> &'static str {
        match self {
            Self::Tel => "tel",
            Self::Email => "email",
            Self::Password => "password",
            Self::Search => "search",
            _ => "text",
        }
    }
    fn inputmode(self) -> &'static str {
        match self {
            Self::Tel | Self::Digits => "numeric",
            Self::Decimal => "decimal",
            _ => "",
        }
    }
}

/// One answer among several.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub text: String,
    /// A line below in grey; empty for none.
    pub hint: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

impl Choice {
    /// A choice without a hint.
    pub fn new(value: impl Into<String>, text: impl Into<String>, chosen: bool) -> Self {
        Self { value: value.into(), text: text.into(), hint: String::new(), chosen }
    }
    /// With a line below.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

/// The thing a field is answered with.
#[derive(Clone, Debug)]
pub enum Control {
    /// One line.
    Text {
        /// What it holds.
        kind: TextKind,
        /// What was typed.
        value: String,
    },
    /// Several lines.
    Area {
        /// What was typed.
        value: String,
        /// Height in lines.
        rows: u8,
    },
    /// A near date, `YYYY-MM-DD`.
    Date {
        /// What was chosen; empty for nothing.
        value: String,
        /// Earliest, empty for none.
        min: String,
        /// Latest, empty for none.
        max: String,
    },
    /// One of up to seven.
    Radio(Vec<Choice>),
    /// Any of several; one alone is a declaration.
    Check(Vec<Choice>),
    /// One of a short list on a dense page.
    Select(Vec<Choice>),
    /// Files.
    File {
        /// Types: `image/*,.pdf`.
        accept: &'static str,
        /// More than one at a time.
        multiple: bool,
        /// Where the script sends each file by itself, with progress; empty sends them with the form.
        upload_url: String,
    },
}

/// A question: label above, hint, error, answer, all tied together for screen readers.
#[derive(Clone, Debug, Template)]
#[template(path = "field.html")]
pub struct Field {
    name: String,
    id: String,
    label: String,
    hint: String,
    error: String,
    optional: bool,
    hot_search: bool,
    width: Width,
    autocomplete: &'static str,
    max_length: Option<u16>,
    control: Control,
}

impl Field {
    /// A question with any control. `name` is the form name and, until [`Field::id`], the id.
    pub fn new(name: impl Into<String>, label: impl Into<String>, control: Control) -> Self {
        let name = name.into();
        Self {
            id: name.clone(),
            name,
            label: label.into(),
            hint: String::new(),
            error: String::new(),
            optional: false,
            hot_search: false,
            width: Width::Full,
            autocomplete: "",
            max_length: None,
            control,
        }
    }
    /// One line of text.
    pub fn text(
        name: impl Into<String>,
        label: impl Into<String>,
        kind: TextKind,
        value: impl Into<String>,
    ) -> Self {
        Self::new(name, label, Control::Text { kind, value: value.into() })
    }
    /// Several lines of text.
    pub fn area(name: impl Into<String>, label: impl Into<String>, value: impl Into<String>) -> Self {
        Self::new(name, label, Control::Area { value: value.into(), rows: 4 })
    }
    /// A near date.
    pub fn date(name: impl Into<String>, label: impl Into<String>, value: impl Into<String>) -> Self {
        Self::new(name, label, Control::Date { value: value.into(), min: String::new(), max: String::new() })
    }
    /// Another id than the name, where a name stands twice on a page.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }
    /// A grey line between label and answer.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
    /// What is wrong and what to do; empty for nothing.
    pub fn error(mut self, error: impl Into<String>) -> Self {
        self.error = error.into();
        self
    }
    /// May stay empty; the label then says （选填）.
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }
    /// The key `/` leads here.
    pub fn hot_search(mut self) -> Self {
        self.hot_search = true;
        self
    }
    /// How wide the answer is.
    pub fn width(mut self, width: Width) -> Self {
        self.width = width;
        self
    }
    /// What browsers may fill in: `name`, `tel`, `one-time-code`, `off`.
    pub fn autocomplete(mut self, token: &'static str) -> Self {
        self.autocomplete = token;
        self
    }
    /// Most characters the browser lets through (UTF-16 units; the server counts code points itself).
    pub fn max_length(mut self, units: u16) -> Self {
        self.max_length = Some(units);
        self
    }
    /// Its form name.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// The line of the error summary for this field, when it has an error.
    pub fn summary_line(&self) -> Option<FieldError> {
        (!self.error.is_empty()).then(|| FieldError { id: self.first_id(), text: self.error.clone() })
    }
    /// Id of the first input: where a link of the error summary leads.
    fn first_id(&self) -> String {
        if self.grouped() { format!("{}-0", self.id) } else { self.id.clone() }
    }
    /// Whether a phone may offer its camera beside its files.
    fn takes_photos(&self) -> bool {
        matches!(self.control, Control::File { accept, .. } if accept.starts_with("image/"))
    }
    fn grouped(&self) -> bool {
        matches!(self.control, Control::Radio(_) | Control::Check(_))
    }
    fn class(&self) -> &'static str {
        match self.width {
            Width::Full => "",
            Width::Short => " zw-w-s",
            Width::Medium => " zw-w-m",
            Width::Long => " zw-w-l",
        }
    }
    fn described(&self) -> bool {
        !self.hint.is_empty() || !self.error.is_empty()
    }
}

/// One line of the error summary.
#[derive(Clone, Debug)]
pub struct FieldError {
    /// Id of the input it leads to.
    pub id: String,
    /// The same sentence as at the field.
    pub text: String,
}

/// What is still to be changed, at the top of a form that came back; takes the focus.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r##"{% if !errors.is_empty() %}<div class="zw-note zw-note--error" role="alert" tabindex="-1" data-error-summary aria-labelledby="error-summary"><h2 id="error-summary">还有 {{ errors.len() }} 处需要修改</h2><ul class="ol">{% for e in errors %}<li>{% if e.id.is_empty() %}{{ e.text }}{% else %}<a href="#{{ e.id }}">{{ e.text }}</a>{% endif %}</li>{% endfor %}</ul></div>{% endif %}"##
)]
pub struct ErrorSummary {
    errors: Vec<FieldError>,
}

impl ErrorSummary {
    /// From lines; nothing is shown when there are none.
    pub fn new(errors: Vec<FieldError>) -> Self {
        Self { errors }
    }
    /// From the fields of the page, in their order.
    pub fn of<'a>(fields: impl IntoIterator<Item = &'a Field>) -> Self {
        Self::new(fields.into_iter().filter_map(Field::summary_line).collect())
    }
}

html_safe!(Button, Field, ErrorSummary);
