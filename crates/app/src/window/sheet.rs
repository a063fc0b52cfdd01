//! The application of a tab: its draft in intake, as fields, rows and problems of the workstation.

use super::frame::{self, Clerk};
use super::materials::{self, MaterialRow, PageView};
use super::posted::Posted;
use super::tab::{Tab, Typed};
use crate::Ctx;
use crate::city::City;
use crate::identity::persons;
use crate::intake::{self, Draft, FieldKind, IntakeError, Owner, Problem, Saving, Starting, Values};
use crate::web::Fault;
use domain::cases::{Applicant, Channel, Terms};
use domain::catalogue::Item;
use domain::kernel::{
    CitizenId, ItemId, LegalPersonId,
    time::{day_start, instant_of, wall_clock},
};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use ui::{Choice, Control, Field, TextKind, Width};

/// The channels of a window, in the order of the page.
pub(super) const CHANNELS: [(Channel, &str, &str); 4] = [
    (Channel::Window, "window", "窗口，本人来办"),
    (Channel::Agent, "agent", "代办，别人替他办"),
    (Channel::Post, "post", "邮寄来的"),
    (Channel::BackEntry, "back_entry", "补录，事情已经在线下发生"),
];

/// Fields that the registered person answers; never asked again at the window.
const KNOWN: [&str; 6] = ["applicant_kind", "name", "document_kind", "document", "firm_name", "firm_code"];

/// The application of a tab.
pub(super) struct Sheet {
    /// The draft.
    pub draft: Draft,
    /// The terms of its cases, one for each item, in their order.
    pub terms: Vec<Terms>,
    /// The questions of the form.
    pub fields: Vec<Field>,
    /// How many of the required ones are answered.
    pub filled: usize,
    /// How many are required.
    pub asked: usize,
    /// What blocks handing it in, except material.
    pub problems: Vec<Problem>,
    /// The checklist.
    pub rows: Vec<MaterialRow>,
    /// All stored pages.
    pub pages: Vec<PageView>,
}

/// What the workstation takes of it.
#[derive(Default)]
pub(super) struct Parts {
    pub fields: Vec<Field>,
    pub filled: usize,
    pub asked: usize,
    pub rows: Vec<MaterialRow>,
    pub channel: Vec<Field>,
    pub channel_open: bool,
    pub channel_word: &'static str,
}

/// The id of the input of a form field.
pub(super) fn input_id(name: &str) -> String {
    format!("f-{name}")
}

impl Sheet {
    /// The application of a tab whose person and item are known.
    pub async fn of(
        ctx: &Ctx,
        clerk: &Clerk,
        tab: &Tab,
        check: bool,
        overlay: Option<&Posted>,
    ) -> Result<Option<Self>, Fault> {
        if tab.typed.person.is_none() || tab.typed.item.is_empty() {
            return Ok(None);
        }
        let Some(id) = tab.draft else { return Ok(None) };
        let mut draft = match intake::open(ctx, Owner::Staff(clerk.staff.id), id).await {
            Ok(draft) => draft,
            Err(IntakeError::Absent) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        if let Some(posted) = overlay {
            let paper = materials::take(&mut tab.typed.clone(), posted);
            draft.values.extend(sent(posted, paper));
        }
        let city = ctx.city();
        let terms = draft.terms(&city);
        if terms.is_empty() || terms.len() != draft.items.len() {
            return Ok(None);
        }
        let problems: Vec<Problem> = intake::check(ctx, &draft).into_iter().filter(|p| p.blocks).collect();
        let upload = format!("{}/upload", frame::address(tab.id));
        let mut rows = materials::rows(&draft.needs(&city), &tab.typed, &upload);
        for row in rows.iter_mut().filter(|_| terms.len() > 1) {
            row.of = whose(&terms, row);
        }
        let pages = rows.iter().flat_map(|row| row.pages.iter().cloned()).collect();
        let shown: Vec<intake::Field> =
            draft.fields(&city).into_iter().filter(|f| is_shown(f, &draft)).collect();
        let wanted = |f: &&intake::Field| f.required && f.is_asked(&draft.values);
        let asked = shown.iter().filter(wanted).count();
        let open = shown.iter().filter(wanted).filter(|f| problems.iter().any(|p| p.field == f.name)).count();
        let fields =
            shown.iter().map(|f| field(&city, f, &draft, if check { &problems } else { &[] })).collect();
        Ok(Some(Self { terms, fields, filled: asked - open, asked, problems, rows, pages, draft }))
    }

    /// How many required materials are in order, of how many.
    pub fn progress(&self) -> (usize, usize) {
        materials::progress(&self.rows)
    }

    /// Takes it apart for the page.
    pub fn into_parts(self, only_files: bool) -> Parts {
        let channel = if only_files { Vec::new() } else { channel_fields(&self.draft, &self.problems) };
        let open = self.draft.channel != Channel::Window;
        let word =
            CHANNELS.iter().find(|(known, _, _)| *known == self.draft.channel).map_or("窗口", |c| c.2);
        Parts {
            fields: self.fields,
            filled: self.filled,
            asked: self.asked,
            rows: self.rows,
            channel,
            channel_open: open,
            channel_word: word,
        }
    }
}

/// Which of several items ask for a material, in words.
fn whose(terms: &[Terms], row: &MaterialRow) -> String {
    let of: Vec<String> = terms
        .iter()
        .filter(|terms| terms.material(&row.code).is_some())
        .map(|terms| format!("“{}”", terms.item_name))
        .collect();
    match (of.len() == terms.len(), row.asked) {
        (true, true) => format!("{} 件都用，只收一次", of.len()),
        (true, false) => format!("{} 件都用", of.len()),
        (false, _) => format!("办{}用", of.concat()),
    }
}

/// What the registered person answers is not asked; contact and phone only where nobody is known to call.
fn is_shown(field: &intake::Field, draft: &Draft) -> bool {
    if KNOWN.contains(&field.name.as_str()) {
        return false;
    }
    if matches!(field.name.as_str(), "contact" | "phone") {
        return draft.channel == Channel::Agent
            || draft.values.get("phone.known").is_none_or(|known| known.is_empty());
    }
    field.when.as_ref().is_none_or(|(other, _)| !KNOWN.contains(&other.as_str()))
        || field.is_asked(&draft.values)
}

fn field(city: &City, field: &intake::Field, draft: &Draft, problems: &[Problem]) -> Field {
    let name = format!("f.{}", field.name);
    let value = draft.values.get(&field.name).cloned().unwrap_or_default();
    let control = match &field.kind {
        FieldKind::Line => Control::Text { kind: TextKind::Text, value },
        FieldKind::Phone => Control::Text { kind: TextKind::Tel, value },
        FieldKind::Text => Control::Area { value, rows: 2 },
        FieldKind::Date { .. } => Control::Date { value, min: String::new(), max: String::new() },
        FieldKind::Number { whole: true } => Control::Text { kind: TextKind::Digits, value },
        FieldKind::Number { whole: false } => Control::Text { kind: TextKind::Decimal, value },
        FieldKind::Choice(choices) => {
            let unset = Choice::new("", "请选择", value.is_empty());
            let choice = |(v, word): &(String, String)| Choice::new(v.as_str(), word.as_str(), *v == value);
            Control::Select(std::iter::once(unset).chain(choices.iter().map(choice)).collect())
        }
    };
    let error = problems.iter().find(|p| p.field == field.name).map(|p| p.say.clone()).unwrap_or_default();
    let hint = match &field.when {
        Some((other, _)) if other == "delivery" => format!("选“邮寄”时填写。{}", field.hint),
        _ => match (intake::asked_for(city, field), field.hint.as_str()) {
            (of, "") => of,
            (of, hint) if of.is_empty() => hint.to_owned(),
            (of, hint) => format!("{of} · {hint}"),
        },
    };
    let shown = Field::new(name, &field.label, control)
        .id(input_id(&field.name))
        .hint(hint)
        .error(error)
        .autocomplete("off");
    let required =
        field.required && field.when.as_ref().is_none_or(|(other, _)| KNOWN.contains(&other.as_str()));
    if required { shown } else { shown.optional() }
}

/// How it came in; for a back entry also when it really happened.
fn channel_fields(draft: &Draft, problems: &[Problem]) -> Vec<Field> {
    let choice = |(channel, word, label): &(Channel, &str, &str)| {
        Choice::new(*word, *label, *channel == draft.channel)
    };
    let mut fields =
        vec![Field::new("channel", "怎么来的", Control::Select(CHANNELS.iter().map(choice).collect()))];
    let at = draft.happened_at.map(wall_clock);
    let error = problems.iter().find(|p| p.field == "happened_at").map(|p| p.say.clone()).unwrap_or_default();
    let day = at.as_ref().map(|at| at.date().to_string()).unwrap_or_default();
    let hour = at.map(|at| format!("{:02}:{:02}", at.hour(), at.minute())).unwrap_or_default();
    fields.push(
        Field::date("happened_on", "补录：实际收件日期", day)
            .hint("只有补录要填；录入时间由系统另外记下")
            .error(error)
            .optional(),
    );
    fields.push(
        Field::text("happened_time", "补录：实际收件时间", TextKind::Text, hour)
            .hint("例如 9:30，不知道就空着")
            .width(Width::Short)
            .max_length(5)
            .optional(),
    );
    fields
}

/// The instant that was typed as the real time of a back entry.
pub(super) fn happened(posted: &Posted) -> Option<Timestamp> {
    let day: Date = posted.get("happened_on").parse().ok()?;
    let typed = posted.get("happened_time").replace('：', ":");
    let mut parts = typed.splitn(2, ':');
    let hour = parts.next().and_then(|h| h.trim().parse::<i8>().ok()).filter(|h| (0..24).contains(h));
    let minute = parts.next().and_then(|m| m.trim().parse::<i8>().ok()).filter(|m| (0..60).contains(m));
    let Some(hour) = hour else { return Some(day_start(day)) };
    let local: DateTime = day.at(hour, minute.unwrap_or(0), 0, 0);
    Some(instant_of(local))
}

/// The channel that was chosen.
pub(super) fn channel(posted: &Posted) -> Option<Channel> {
    CHANNELS.iter().find(|(_, word, _)| *word == posted.get("channel")).map(|(channel, _, _)| *channel)
}

/// What the registered person answers of the form.
async fn known_values(ctx: &Ctx, typed: &Typed) -> Result<Values, Fault> {
    let mut values = Values::new();
    let Some(person) = typed.person else { return Ok(values) };
    let Some(person) = persons::in_full(ctx, person).await? else { return Ok(values) };
    let mut put = |name: &str, value: &str| values.insert(name.to_owned(), value.to_owned());
    put("contact", &person.name);
    put("phone", &person.phone);
    put("phone.known", &person.phone);
    if let Some(firm) = typed.firm {
        if let Some(firm) = persons::in_full(ctx, firm).await? {
            put("applicant_kind", "firm");
            put("firm_name", &firm.name);
            put("firm_code", &firm.document);
        }
    } else {
        put("applicant_kind", "person");
        put("name", &person.name);
        put("document_kind", person.known.document.word());
        put("document", &person.document);
    }
    Ok(values)
}

fn applicant(typed: &Typed) -> Option<Applicant> {
    let by = CitizenId(typed.person?);
    Some(match typed.firm {
        Some(firm) => Applicant::Firm { id: LegalPersonId(firm), by },
        None => Applicant::Person { id: by },
    })
}

/// Makes the draft follow person and items of the tab: begins it once both are known, and takes over another person or other
/// items. A sentence when the items cannot be one application of this person; then nothing is changed.
///
/// # Errors
/// A fault with a sentence when it cannot be begun or written.
pub(super) async fn follow(ctx: &Ctx, clerk: &Clerk, tab: &mut Tab) -> Result<Option<String>, Fault> {
    let owner = Owner::Staff(clerk.staff.id);
    let Some(applicant) = applicant(&tab.typed) else { return Ok(None) };
    let city = ctx.city();
    let known = |no: &str| city.item_by_seq(no.parse().ok()?).map(|item| item.id);
    let items: Vec<ItemId> = tab.typed.items().filter_map(known).collect();
    if items.is_empty() {
        return Ok(None);
    }
    let mut values = known_values(ctx, &tab.typed).await?;
    let done = if let Some(draft) = tab.draft {
        let saving = Saving { values, applicant: Some(applicant), items: Some(items), ..Saving::default() };
        intake::save(ctx, owner, draft, saving).await
    } else {
        values.insert("delivery".to_owned(), "window".to_owned());
        let channel = channel_of(clerk);
        let (accepting, applicant, happened_at) = (Some(clerk.org), Some(applicant), None);
        let starting = Starting { channel, items, accepting, applicant, values, happened_at };
        intake::start(ctx, owner, starting).await
    };
    match done {
        Ok(draft) => {
            tab.draft = Some(draft.id);
            Ok(None)
        }
        Err(IntakeError::Apart(why)) => Ok(Some(why)),
        Err(error) => Err(error.into()),
    }
}

/// How an application comes in unless the clerk says otherwise.
const fn channel_of(clerk: &Clerk) -> Channel {
    if clerk.only_files { Channel::Agent } else { Channel::Window }
}

/// Why an item cannot go with those of the tab; nothing when it can.
pub(super) fn apart(ctx: &Ctx, clerk: &Clerk, typed: &Typed, other: &Item) -> Option<String> {
    let city = ctx.city();
    let own = typed.items().filter_map(|no| city.item_by_seq(no.parse().ok()?));
    let all: Vec<&Item> = own.chain([other]).collect();
    if let Some(why) = intake::apart(&all, channel_of(clerk), applicant(typed)) {
        return Some(why);
    }
    let nobody = all.len() > 1 && !intake::not_taken_at(&city, &[other], clerk.org).is_empty();
    nobody.then(|| format!("“{}”在这里没有负责的部门，不能和这几件一起收", other.identity.name))
}

/// The answers and ticks of a form; what the registered person answers is not taken from it.
fn sent(posted: &Posted, paper: Vec<(String, u16)>) -> Values {
    let typed = posted.under("f.").filter(|(name, _)| !KNOWN.contains(name) && !name.contains('.'));
    let ticked = paper.into_iter().map(|(code, copies)| (format!("paper.{code}"), copies.to_string()));
    typed.map(|(name, value)| (name.to_owned(), value.to_owned())).chain(ticked).collect()
}

/// Keeps what a form sent: answers, ticks, notes, how it came in. `false` when the draft has been submitted meanwhile.
///
/// # Errors
/// A fault with a sentence when it cannot be kept.
pub(super) async fn keep(ctx: &Ctx, clerk: &Clerk, tab: &mut Tab, posted: &Posted) -> Result<bool, Fault> {
    let paper = materials::take(&mut tab.typed, posted);
    if posted.has("memo") {
        tab.typed.memo = posted.get("memo").chars().take(2000).collect();
    }
    let Some(draft) = tab.draft else { return Ok(true) };
    let owner = Owner::Staff(clerk.staff.id);
    let saving = Saving { values: sent(posted, paper), happened_at: happened(posted), ..Saving::default() };
    let mut done = intake::save(ctx, owner, draft, saving).await.map(drop);
    if let (Ok(()), Some(channel), false) = (&done, channel(posted), clerk.only_files) {
        done = intake::arrived_by(ctx, owner, draft, channel).await;
    }
    match done {
        Ok(()) => Ok(true),
        Err(IntakeError::Submitted) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_real_time_of_a_back_entry_is_the_citys_and_may_be_a_day_only() {
        let at = |day: &str, time: &str| {
            happened(&Posted::of(&[("happened_on", day), ("happened_time", time)])).map(|at| at.to_string())
        };
        assert_eq!(at("2026-03-01", "9:30"), Some("2026-03-01T01:30:00Z".to_owned()));
        assert_eq!(at("2026-03-01", "９：３０"), Some("2026-02-28T16:00:00Z".to_owned()));
        assert_eq!(at("2026-03-01", "14：05"), Some("2026-03-01T06:05:00Z".to_owned()));
        assert_eq!(at("2026-03-01", "99:99"), Some("2026-02-28T16:00:00Z".to_owned()));
        assert_eq!(at("昨天", "9:30"), None);
    }
}
