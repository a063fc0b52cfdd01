//! What a page may show of an event's body: events hold ids and digests, but people type numbers into opinions, and
//! streams about persons hold sealed values.

use domain::kernel::identity::{IdNumber, Phone};
use serde_json::Value;

/// Streams whose events are about persons: which fields there are is shown, and no value of them.
const ABOUT_PERSONS: &[&str] = &["person", "citizen"];
/// Fields that may hold a name, a number or an address, in whatever stream they stand; of organisations they are public.
const PERSONAL: &[&str] = &["name", "phone", "address", "document", "id_number", "applicant_name", "login"];
/// Streams whose names, telephones and addresses are those of authorities.
const PUBLIC: &[&str] = &["org", "calendar", "item"];
/// What stands in the place of a value.
const HIDDEN: &str = "（不显示）";
/// Characters of one text that are shown.
const LONGEST: usize = 500;

/// The body of an event as lines of field and value.
pub(super) fn lines(stream: &str, body: &str) -> Vec<(String, String)> {
    let Ok(body) = serde_json::from_str::<Value>(body) else {
        return vec![("内容".to_owned(), "不是能读的格式".to_owned())];
    };
    let mut lines = Vec::new();
    walk(stream, "", &body, &mut lines);
    lines
}

fn walk(stream: &str, path: &str, value: &Value, lines: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                walk(stream, &path, value, lines);
            }
        }
        Value::Array(list) => {
            for (n, value) in list.iter().enumerate() {
                walk(stream, &format!("{path}[{n}]"), value, lines);
            }
        }
        Value::Null => {}
        Value::String(text) => lines.push((path.to_owned(), shown(stream, path, text))),
        other => lines.push((path.to_owned(), other.to_string())),
    }
}

fn shown(stream: &str, path: &str, text: &str) -> String {
    let field = path.rsplit('.').next().unwrap_or(path).split('[').next().unwrap_or(path);
    let kind = matches!(field, "type" | "kind" | "at" | "entered_at" | "by");
    let hidden =
        ABOUT_PERSONS.contains(&stream) && !kind || PERSONAL.contains(&field) && !PUBLIC.contains(&stream);
    if hidden { HIDDEN.to_owned() } else { without_numbers(text) }
}

/// The text with identity and mobile numbers taken out. A run of digits is looked at as a whole, so that a part of a
/// case number or of an id is never taken for one.
fn without_numbers(text: &str) -> String {
    let (mut out, mut run) = (String::new(), String::new());
    for c in text.chars().take(LONGEST).chain(['\n']) {
        // Hexadecimal digits and hyphens belong to ids and digests.
        if c.is_ascii_alphanumeric() || c == '-' {
            run.push(c);
            continue;
        }
        let personal = holds_a_number(&run);
        out.push_str(if personal { HIDDEN } else { &run });
        run.clear();
        out.push(c);
    }
    out.truncate(out.trim_end_matches('\n').len());
    if text.chars().count() > LONGEST {
        out.push('…');
    }
    out
}

/// Whether a run of letters, digits and hyphens is or holds an identity or a mobile number.
fn holds_a_number(run: &str) -> bool {
    let joined: String = run.chars().filter(|c| *c != '-').collect();
    let is_mobile = |text: &str| text.len() == 11 && Phone::parse(text).is_ok_and(|phone| phone.is_mobile());
    let is_id = |text: &str| text.len() == 18 && IdNumber::parse(text).is_ok();
    let digits = |c: char| !c.is_ascii_digit() && !matches!(c, 'x' | 'X');
    is_mobile(&joined) || is_id(&joined) || run.split(digits).any(|part| is_mobile(part) || is_id(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(stream: &str, body: &str) -> String {
        lines(stream, body).into_iter().map(|(field, value)| format!("{field}={value}\n")).collect()
    }

    #[test]
    fn an_event_of_a_case_shows_its_ids_and_days() {
        let body = r#"{"type":"granted","at":"2026-03-02T01:00:00Z","by":{"id":"01900000-0000-7000-8000-138123456780"},"n":3}"#;
        let told = one("case", body);
        assert!(told.contains("type=granted") && told.contains("by.id=01900000-0000-7000-8000-138123456780"));
        assert!(told.contains("n=3"));
    }

    #[test]
    fn numbers_of_people_typed_into_an_opinion_are_not_shown() {
        let body = r#"{"opinion":"已电话 13812345678 核对，证件110101199001010015。编号 260302000001"}"#;
        let told = one("case", body);
        assert!(!told.contains("13812345678"), "{told}");
        assert!(told.contains("260302000001") && told.contains("不显示"), "{told}");
    }

    #[test]
    fn of_a_person_only_which_fields_there_are_is_shown() {
        let told =
            one("person", r#"{"type":"registered","name":"王小明","document":{"number":"x"},"at":"2026"}"#);
        assert!(
            !told.contains("王小明") && told.contains("name=（不显示）") && told.contains("type=registered")
        );
        assert!(told.contains("document.number=（不显示）"));
        assert!(one("org", r#"{"name":"雕庄街道"}"#).contains("雕庄街道"));
        assert!(!one("staff", r#"{"name":"李敏"}"#).contains("李敏"));
    }

    #[test]
    fn a_body_that_is_no_json_is_not_shown_at_all() {
        assert_eq!(one("case", "<script>王小明"), "内容=不是能读的格式\n");
    }
}
