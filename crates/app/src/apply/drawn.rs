//! How answers, dates and files are put into words and fields; shared by the pages of this folder.

use crate::cases::Attachment;
use crate::city::City;
use crate::intake::{Draft, Field, FieldKind, Problem, Values};
use domain::kernel::time::{legal_day, wall_clock};
use jiff::Timestamp;
use jiff::civil::Date;
use ui::{Choice, Control, TextKind, UploadState, Width};

/// The fields that say who applies.
pub(super) const WHO: [&str; 7] =
    ["applicant_kind", "name", "document_kind", "document", "firm_name", "firm_code", "legal_person"];
/// The fields that say how the result comes.
pub(super) const HOW: [&str; 2] = ["delivery", "delivery_address"];

/// The field as people fill it in, with what was typed and what is wrong with it.
pub(super) fn field(field: &Field, values: &Values, problems: &[Problem]) -> ui::Field {
    let value = values.get(&field.name).cloned().unwrap_or_default();
    let control = match &field.kind {
        FieldKind::Line => Control::Text { kind: text_kind(field), value },
        FieldKind::Text => Control::Area { value, rows: 4 },
        FieldKind::Phone => Control::Text { kind: TextKind::Tel, value },
        FieldKind::Date { .. } => Control::Date { value, min: String::new(), max: String::new() },
        FieldKind::Number { whole: true } => Control::Text { kind: TextKind::Digits, value },
        FieldKind::Number { whole: false } => Control::Text { kind: TextKind::Decimal, value },
        FieldKind::Choice(choices) => {
            let choice = |(v, word): &(String, String)| {
                Choice::new(v.as_str(), word.as_str(), *v == value || choices.len() == 1)
            };
            Control::Radio(choices.iter().map(choice).collect())
        }
    };
    let error = problems.iter().find(|p| p.field == field.name).map(|p| p.say.clone()).unwrap_or_default();
    let drawn = ui::Field::new(&field.name, &field.label, control)
        .hint(&field.hint)
        .error(error)
        .autocomplete(autocomplete(&field.name))
        .width(width(field));
    if field.required { drawn } else { drawn.optional() }
}

fn text_kind(field: &Field) -> TextKind {
    if field.name == "document" || matches!(field.format.as_str(), "cn-id-number" | "uscc") {
        TextKind::IdNumber
    } else {
        TextKind::Text
    }
}

/// The matters of an application in a few words.
pub(super) fn matters(draft: &Draft, city: &City) -> String {
    let names: Vec<&str> = draft.items_in(city).iter().map(|i| i.identity.name.as_str()).collect();
    match names.as_slice() {
        [first, _, _, ..] => format!("{first} 等 {} 件事", names.len()),
        few => few.join("、"),
    }
}

fn autocomplete(name: &str) -> &'static str {
    match name {
        "name" | "contact" => "name",
        "phone" => "tel",
        "address" | "delivery_address" => "street-address",
        "firm_name" => "organization",
        _ => "off",
    }
}

const fn width(field: &Field) -> Width {
    match (&field.kind, field.most) {
        (FieldKind::Number { .. }, _) => Width::Short,
        (FieldKind::Phone, _) => Width::Medium,
        (_, most) if most <= 100 => Width::Long,
        _ => Width::Full,
    }
}

/// What was answered, in the words of the choices.
pub(super) fn answer(field: &Field, values: &Values) -> String {
    field.word(values.get(&field.name).map(|v| v.trim()).unwrap_or_default()).to_owned()
}

/// `3 月 16 日`, with the year when it is not this one.
pub(super) fn day(date: Date, today: Date) -> String {
    let year = if date.year() == today.year() { String::new() } else { format!("{} 年 ", date.year()) };
    format!("{year}{} 月 {} 日", date.month(), date.day())
}

/// `3 月 2 日 09:05` in Shanghai.
pub(super) fn moment(at: Timestamp, now: Timestamp) -> String {
    let local = wall_clock(at);
    format!("{} {:02}:{:02}", day(local.date(), legal_day(now)), local.hour(), local.minute())
}

/// `1.2 MB`.
pub(super) fn size(bytes: u64) -> String {
    const KB: u64 = 1024;
    if bytes >= KB * KB {
        format!("{}.{} MB", bytes / KB / KB, bytes % (KB * KB) * 10 / (KB * KB))
    } else {
        format!("{} KB", bytes.div_ceil(KB))
    }
}

/// One uploaded page with its ways to look and to take it out.
pub(super) fn upload(file: &Attachment, base: &str) -> ui::Upload {
    ui::Upload {
        name: file.name.clone(),
        size: size(file.size),
        state: UploadState::Kept,
        view: format!("{base}/files/{}", file.id),
        remove: format!("{base}/files/{}/remove", file.id),
    }
}
