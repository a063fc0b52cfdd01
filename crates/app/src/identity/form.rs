//! Posted forms as pairs, and the way on after signing in: where to go back to, and what was typed before.

use crate::web::local;
use askama::Template;
use std::fmt;
use ui::SafeHtml;

/// Fields of the interrupted form travel through the sign-in under this prefix.
const KEEP: &str = "keep.";
/// What is never carried along: it belongs into one request and no further.
const SECRET: [&str; 4] = ["password", "code", "key", "query"];

/// A form as it was posted.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(transparent)]
pub struct Posted(pub Vec<(String, String)>);

impl fmt::Debug for Posted {
    /// Names only: values may be passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl Posted {
    /// The first value of a field; empty when there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }
}

/// Where signing in leads.
#[derive(Debug, Clone, Default)]
pub struct Onward {
    /// A page to go back to; empty for none.
    pub back: String,
    /// Where the interrupted form was being sent; empty for none.
    pub to: String,
    /// Whose session had ended, when it was known: nobody else gets to see what was typed.
    pub was: String,
    /// The fields of the interrupted form.
    pub kept: Posted,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% for (name, value) in pairs %}<input type="hidden" name="{{ name }}" value="{{ value }}">{% endfor %}"#
)]
struct Hidden {
    pairs: Vec<(String, String)>,
}

fn hidden(pairs: Vec<(String, String)>) -> Result<SafeHtml, askama::Error> {
    SafeHtml::render(&Hidden { pairs })
}

impl Onward {
    /// Back to a page of this site.
    pub fn back_to(back: &str) -> Self {
        let back = if back.is_empty() { "" } else { local(back) };
        Self { back: back.to_owned(), ..Self::default() }
    }

    /// After a form that was being sent to `to`.
    pub fn after_form(to: &str, was: String, typed: Posted) -> Self {
        let secret = |name: &str| SECRET.iter().any(|word| name.contains(word));
        let kept = typed.0.into_iter().filter(|(name, _)| !secret(name)).collect();
        Self { back: String::new(), to: local(to).to_owned(), was, kept: Posted(kept) }
    }

    /// From the hidden fields of a sign-in form.
    pub fn of(posted: &Posted) -> Self {
        let kept = posted
            .0
            .iter()
            .filter_map(|(name, value)| name.strip_prefix(KEEP).map(|name| (name.to_owned(), value.clone())));
        Self {
            to: if posted.get("to").is_empty() { String::new() } else { local(posted.get("to")).to_owned() },
            was: posted.get("was").to_owned(),
            kept: Posted(kept.collect()),
            ..Self::back_to(posted.get("back"))
        }
    }

    /// Whether a form was interrupted.
    pub fn has_form(&self) -> bool {
        !self.to.is_empty()
    }

    /// The hidden fields that carry it through a form of the sign-in.
    pub fn fields(&self) -> Result<SafeHtml, askama::Error> {
        let own = [("back", &self.back), ("to", &self.to), ("was", &self.was)];
        let mut pairs: Vec<(String, String)> = own
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .collect();
        pairs.extend(self.kept.0.iter().map(|(name, value)| (format!("{KEEP}{name}"), value.clone())));
        hidden(pairs)
    }

    /// The fields of the interrupted form under their own names.
    pub fn form_again(&self) -> Result<SafeHtml, askama::Error> {
        hidden(self.kept.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(&str, &str)]) -> Posted {
        Posted(list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn what_was_typed_survives_and_secrets_do_not_travel() {
        let typed = pairs(&[("say", "<b>缺身份证"), ("new_password", "x"), ("say", "第二行")]);
        let onward = Onward::after_form("/review/1?tab=a", "u1".into(), typed);
        let fields = onward.fields().unwrap();
        assert!(fields.as_str().contains("name=\"keep.say\" value=\"&#60;b&#62;缺身份证\""));
        assert!(!fields.as_str().contains("password"));
        let back =
            Onward::of(&pairs(&[("to", "/review/1"), ("was", "u1"), ("keep.say", "缺"), ("login", "a")]));
        assert_eq!(back.form_again().unwrap().as_str(), "<input type=\"hidden\" name=\"say\" value=\"缺\">");
    }

    #[test]
    fn nobody_is_sent_to_another_site() {
        let onward = Onward::of(&pairs(&[("to", "https://evil.example/"), ("back", "//evil.example")]));
        assert_eq!((onward.to.as_str(), onward.back.as_str()), ("/", "/"));
    }
}
