//! On what a sentence of a guide rests, so that a page can say which ones are not confirmed.

use serde::{Deserialize, Serialize};

/// What a field rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "text", rename_all = "snake_case")]
pub enum Basis {
    /// A law whose article was compared with its text; carries the citation.
    LawChecked(String),
    /// A law cited from memory, not yet compared.
    LawFromMemory(String),
    /// A document of the city, such as 常政办发〔2018〕119号.
    Document(String),
    /// Drafted as an example; a department has to confirm or replace it. Carries the reason, which may be empty.
    Placeholder(String),
}

impl Basis {
    /// Reads the notation of the guide drafts: `law: …【已对照条文】`, `law: …`, `law-derived: …`, `document: …`, `placeholder…`.
    /// What it cannot recognise is taken for a placeholder, never for law.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        let strip =
            |s: &str| s.replace("【已对照条文】", "").replace("【凭记忆，未对照条文】", "").trim().to_owned();
        if let Some(rest) = text.strip_prefix("law:") {
            return if rest.contains("【已对照条文】") && !rest.contains("【凭记忆") {
                Self::LawChecked(strip(rest))
            } else {
                Self::LawFromMemory(strip(rest))
            };
        }
        if let Some(rest) = text.strip_prefix("law-derived:") {
            return Self::LawFromMemory(strip(rest));
        }
        if let Some(rest) = text.strip_prefix("document:") {
            // A document that leaves the matter to a placeholder does not settle it.
            let rest = rest.trim();
            return if rest.contains("placeholder") {
                Self::Placeholder(rest.split(['；', ';']).next().unwrap_or_default().to_owned())
            } else {
                Self::Document(rest.to_owned())
            };
        }
        Self::Placeholder(text.trim_start_matches("placeholder").trim_start_matches(':').trim().to_owned())
    }

    /// Whether a department still has to confirm it.
    #[must_use]
    pub const fn is_placeholder(&self) -> bool {
        matches!(self, Self::Placeholder(_))
    }

    /// The mark a page shows beside the field.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::LawChecked(_) => "依据法律条文",
            Self::LawFromMemory(_) => "法律依据待核对",
            Self::Document(_) => "依据文件",
            Self::Placeholder(_) => "示例内容，待部门确认",
        }
    }

    /// The citation or the reason; may be empty.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::LawChecked(text)
            | Self::LawFromMemory(text)
            | Self::Document(text)
            | Self::Placeholder(text) => text,
        }
    }
}

/// A value together with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Based<T> {
    /// The value.
    pub value: T,
    /// What it rests on.
    pub basis: Basis,
}

impl<T> Based<T> {
    /// A value which a department still has to confirm.
    pub const fn placeholder(value: T) -> Self {
        Self { value, basis: Basis::Placeholder(String::new()) }
    }

    /// A value that stands in a document.
    pub fn document(value: T, document: &str) -> Self {
        Self { value, basis: Basis::Document(document.to_owned()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_compared_article_counts_as_checked_law() {
        let checked = Basis::parse("law: 中华人民共和国户口登记条例第七条【已对照条文】");
        assert_eq!(checked, Basis::LawChecked("中华人民共和国户口登记条例第七条".into()));
        assert!(matches!(
            Basis::parse("law: 发改价格〔2003〕2322号【凭记忆，未对照条文】"),
            Basis::LawFromMemory(_)
        ));
        assert!(matches!(Basis::parse("law: 没有标记"), Basis::LawFromMemory(_)));
        assert!(matches!(Basis::parse("law-derived: 三日内制发"), Basis::LawFromMemory(_)));
    }

    #[test]
    fn what_nobody_confirmed_is_a_placeholder() {
        assert_eq!(Basis::parse("placeholder"), Basis::Placeholder(String::new()));
        assert_eq!(Basis::parse("placeholder: 查询类"), Basis::Placeholder("查询类".into()));
        assert!(Basis::parse("随便写的").is_placeholder());
        assert!(Basis::parse("document: 附件2第四条；item allocation placeholder").is_placeholder());
        assert_eq!(Basis::parse("document: 附件2第四条"), Basis::Document("附件2第四条".into()));
    }
}
