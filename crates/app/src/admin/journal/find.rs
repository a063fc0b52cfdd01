//! From what was typed to a page of events: the narrowest index is read, the rest is compared on the way.

use super::Ask;
use crate::Ctx;
use crate::cases;
use crate::identity;
use domain::kernel::StaffId;
use domain::kernel::time::day_start;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::HashMap;
use store::journal::{self, Cursor, Envelope, Search, Stream, Whose};
use store::{Tx, Work};
use uuid::Uuid;

/// Events on one page.
const PAGE: usize = 30;
/// Events read in one snapshot.
const CHUNK: u32 = 200;
/// Events compared for one page at most; then the page says that there may be more further on.
const MOST: usize = 2_000;

/// What is looked for, understood.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    case: Option<Uuid>,
    actor: Option<String>,
    kind: Option<String>,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    after: Option<Cursor>,
}

/// A page of events.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The events, newest first.
    pub events: Vec<Envelope>,
    /// Where the next page begins, if there is more to look through.
    pub next: Option<Cursor>,
}

type Wrong = Vec<(&'static str, &'static str)>;

impl Filter {
    /// Understands what was typed, or says by field what cannot be.
    pub(super) async fn read(ctx: &Ctx, ask: &Ask) -> store::Result<Result<Self, Wrong>> {
        let mut wrong = Wrong::new();
        let mut filter = Self { after: cursor(&ask.after), ..Self::default() };
        if !ask.number.is_empty() {
            match cases::id_of_number(&ctx.db, &ask.number).await? {
                Some(id) => filter.case = Some(id.uuid()),
                None => wrong.push(("number", "没有这个编号的办件，请照回执上的编号再输一遍")),
            }
        }
        if !ask.staff.is_empty() {
            match identity::staff_by_login(ctx, &ask.staff).await? {
                Some(id) => filter.actor = Some(format!("staff:{id}")),
                None => wrong.push(("staff", "没有用这个登录名的工作人员，请到“人员”里查登录名")),
            }
        }
        filter.kind = Some(ask.kind.clone()).filter(|kind| !kind.is_empty());
        let mut day = |text: &str, field, say| match text {
            "" => None,
            text => text.parse::<Date>().map_err(|_| wrong.push((field, say))).ok(),
        };
        let from = day(&ask.from, "from", "请选择开始的日子，例如 2026-03-01");
        let until = day(&ask.until, "until", "请选择结束的日子，例如 2026-03-31");
        if from.zip(until).is_some_and(|(from, until)| from > until) {
            wrong.push(("until", "结束的日子要在开始的日子之后，请对调"));
        }
        filter.from = from.map(day_start);
        filter.until = until.and_then(|day| day.tomorrow().ok()).map(day_start);
        Ok(if wrong.is_empty() { Ok(filter) } else { Err(wrong) })
    }

    fn whose(&self) -> Whose<'_> {
        match self {
            Self { case: Some(id), .. } => Whose::Of(Stream { kind: "case", id: *id }),
            Self { actor: Some(actor), .. } => Whose::By(actor),
            Self { kind: Some(kind), .. } => Whose::Kind(kind),
            _ => Whose::All,
        }
    }

    fn takes(&self, event: &Envelope) -> bool {
        self.actor.as_ref().is_none_or(|actor| *actor == event.stamp.actor)
            && self.kind.as_ref().is_none_or(|kind| *kind == event.event.kind)
    }
}

/// The cursor of an address: microseconds and position.
fn cursor(text: &str) -> Option<Cursor> {
    let (at, position) = text.split_once('-')?;
    let entered_at = Timestamp::from_microsecond(at.parse().ok()?).ok()?;
    Some(Cursor { entered_at, position: position.parse().ok()? })
}

struct Chunk(Filter);

impl Work for Chunk {
    type Out = Vec<Envelope>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Vec<Envelope>> {
        let wanted = Search {
            from: self.0.from.unwrap_or(Timestamp::MIN),
            until: self.0.until.unwrap_or(Timestamp::MAX),
            after: self.0.after,
            ..Search::new(self.0.whose(), CHUNK)
        };
        journal::search(tx, &wanted).await
    }
}

/// The next page that fits.
pub(super) async fn page(ctx: &Ctx, filter: &Filter) -> store::Result<Found> {
    let (mut found, mut at, mut seen) = (Found::default(), filter.clone(), 0);
    loop {
        let chunk = ctx.db.read(Chunk(at.clone())).await?;
        let full = chunk.len() >= CHUNK as usize;
        for event in chunk {
            if found.events.len() == PAGE {
                found.next = found.events.last().map(Cursor::from);
                return Ok(found);
            }
            at.after = Some(Cursor::from(&event));
            seen += 1;
            if filter.takes(&event) {
                found.events.push(event);
            }
        }
        if !full {
            return Ok(found);
        }
        if seen >= MOST {
            found.next = at.after;
            return Ok(found);
        }
    }
}

/// Names of those who entered events, each looked up once a page.
#[derive(Default)]
pub(super) struct Actors(HashMap<String, String>);

impl Actors {
    /// Staff by their names, citizens without, the program as such.
    pub(super) async fn name(&mut self, ctx: &Ctx, actor: &str) -> store::Result<String> {
        if let Some(name) = self.0.get(actor) {
            return Ok(name.clone());
        }
        let name = match actor.split_once(':') {
            Some(("staff", id)) => match id.parse::<StaffId>() {
                Ok(id) => identity::find(ctx, id).await?.map_or_else(
                    || "工作人员".to_owned(),
                    |found| format!("{}（{}）", found.account.name, found.account.login),
                ),
                Err(_) => "工作人员".to_owned(),
            },
            Some(("citizen", _)) => "群众本人".to_owned(),
            _ if actor == "system" => "系统自动".to_owned(),
            _ => actor.to_owned(),
        };
        self.0.insert(actor.to_owned(), name.clone());
        Ok(name)
    }
}

#[cfg(test)]
mod tests {
    use super::cursor;

    #[test]
    fn a_cursor_is_read_from_an_address_and_nonsense_is_none() {
        let read = cursor("1772413200000000-42").unwrap();
        assert_eq!((read.entered_at.as_microsecond(), read.position), (1_772_413_200_000_000, 42));
        for text in ["", "-", "1", "a-b", "99999999999999999999-1", "9223372036854775807-1"] {
            assert!(cursor(text).is_none(), "{text}");
        }
    }
}
