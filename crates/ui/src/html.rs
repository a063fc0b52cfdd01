//! Markup that may stand in a page as it is, and the few ways to come by it.

use std::fmt;

use askama::Template;
use askama::filters::HtmlSafe;

/// HTML that needs no more escaping. It is made from a rendered template, from HTML-safe parts, or from a text
/// that is escaped here; there is no constructor that trusts a bare string.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SafeHtml(String);

impl SafeHtml {
    /// Renders a template (its own `{{ }}` have escaped whatever people typed).
    ///
    /// # Errors
    /// Passes on the error of the template.
    pub fn render<T: Template>(template: &T) -> Result<Self, askama::Error> {
        template.render().map(Self)
    }

    /// A component as markup.
    pub fn of<T: HtmlSafe>(part: &T) -> Self {
        Self(part.to_string())
    }

    /// Several parts after one another.
    pub fn concat<'a>(parts: impl IntoIterator<Item = &'a SafeHtml>) -> Self {
        Self(parts.into_iter().map(|part| part.0.as_str()).collect())
    }

    /// A text, escaped.
    pub fn text(text: &str) -> Self {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '&' => out.push_str("&#38;"),
                '<' => out.push_str("&#60;"),
                '>' => out.push_str("&#62;"),
                '"' => out.push_str("&#34;"),
                '\'' => out.push_str("&#39;"),
                other => out.push(other),
            }
        }
        Self(out)
    }

    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for SafeHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for SafeHtml {}

impl From<&str> for SafeHtml {
    /// Escapes, as [`SafeHtml::text`] does.
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

/// Marks components whose templates escape every text they are given.
macro_rules! html_safe {
    ($($name:ty),+ $(,)?) => { $(impl askama::filters::HtmlSafe for $name {})+ };
}
pub(crate) use html_safe;
