//! What the pages of the administration share: the right for the whole city, the stamp of a change, times in words.

use crate::Ctx;
use crate::identity::{Staff, guard};
use crate::web::{Fault, Trace};
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::kernel::time::{legal_day, wall_clock};
use domain::org::OrgPath;
use domain::rights::{Permission, Relation};
use jiff::Timestamp;
use serde::Deserialize;
use store::journal::Stamp;
use ui::{Note, NoteKind};

/// Lets through who holds the right for the whole city.
pub(super) fn for_the_city(ctx: &Ctx, staff: &Staff, right: Permission) -> Result<(), Fault> {
    guard(&staff.actor, right, &OrgPath::root(ctx.city().code.as_str()), Relation::Stranger)
}

/// Who changes something, for the journal.
pub(super) fn stamp(ctx: &Ctx, staff: &Staff, trace: &Trace) -> Stamp {
    Stamp {
        actor: format!("staff:{}", staff.id),
        org: Some(staff.org.uuid()).filter(|org| !org.is_nil()),
        trace: trace.to_string(),
        entered_at: ctx.now(),
    }
}

/// `2026-03-02 09:00:05`, as clocks in Shanghai show it.
pub(super) fn when(instant: Timestamp) -> String {
    wall_clock(instant).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// `2026-03-02`, the legal day.
pub(super) fn day(instant: Timestamp) -> String {
    legal_day(instant).to_string()
}

/// Percent-encodes a text for the query of an address (RFC 3986).
pub(super) fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

/// After a change: the page that shows it.
pub(super) fn see(address: &str) -> Response {
    match HeaderValue::from_str(address) {
        Ok(to) => (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response(),
        Err(error) => Fault::internal(error).into_response(),
    }
}

/// What was just done, as the address of the page after it says.
#[derive(Deserialize, Default)]
pub(super) struct Done {
    #[serde(default)]
    pub done: String,
}

/// The note above a page after a change: what was done, or what was wrong with no field in particular.
pub(super) fn note(wrong: Option<&(&'static str, String)>, done: &'static str) -> Option<Note> {
    match wrong {
        Some(("", say)) => Some(Note::new(NoteKind::Error, say.clone())),
        None if !done.is_empty() => Some(Note::new(NoteKind::Ok, done)),
        _ => None,
    }
}

/// The sentence for a field, when it is the one that is wrong.
pub(super) fn wrong_in(wrong: Option<&(&'static str, String)>, field: &str) -> String {
    wrong.filter(|(name, _)| *name == field).map(|(_, say)| say.clone()).unwrap_or_default()
}

/// A text from a query, cut to what somebody would type.
pub(super) fn cut(text: &str, most: usize) -> String {
    text.trim().chars().filter(|c| !c.is_control()).take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_told_as_clocks_in_shanghai_show_it() {
        let instant: Timestamp = "2026-03-01T16:00:05Z".parse().unwrap();
        assert_eq!(when(instant), "2026-03-02 00:00:05");
        assert_eq!(day(instant), "2026-03-02");
    }

    #[test]
    fn a_text_for_an_address_cannot_end_its_parameter() {
        assert_eq!(percent("a&b=停#"), "a%26b%3D%E5%81%9C%23");
        assert_eq!(cut("  一\n二三 ", 2), "一二");
    }
}
