//! What a clerk has open: at most three pieces of work, kept on the server with everything that was typed.

use super::sql;
use crate::Ctx;
use domain::kernel::StaffId;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{FromRow, Row, Tx, Val, Work};
use uuid::Uuid;

/// The sealed column that holds [`Typed`].
pub const TYPED_FIELD: &str = "window_tab.typed";
/// The most pieces of work a clerk has open.
pub const MOST: usize = 3;
/// A closed tab still answers a form sent twice for so many hours.
const REMEMBERED_HOURS: i64 = 72;

/// Everything typed that is not yet a case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// The answers about the person, as typed.
    pub who: BTreeMap<String, String>,
    /// The number was looked up and nobody is known under it.
    pub unknown: bool,
    /// The person who applies or acts for the firm.
    pub person: Option<Uuid>,
    /// The firm, when one applies.
    pub firm: Option<Uuid>,
    /// What was typed to find the item.
    pub find: String,
    /// The item, by its number in three digits; the first when there are several.
    pub item: String,
    /// What is done in the same go 一件事, by their numbers.
    pub more: Vec<String>,
    /// Copies as typed, whether ticked or not.
    pub copies: BTreeMap<String, String>,
    /// What is wrong with a material that was brought, in the clerk's words.
    pub faults: BTreeMap<String, String>,
    /// A note of the clerk; never part of the case.
    pub memo: String,
}

impl Typed {
    /// The items, in the order they were chosen.
    pub fn items(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.item).filter(|item| !item.is_empty()).chain(&self.more).map(String::as_str)
    }

    /// Puts an item behind the others; one that is there already stays where it is.
    pub fn add(&mut self, item: &str) {
        if self.item.is_empty() {
            item.clone_into(&mut self.item);
        } else if self.items().all(|known| known != item) {
            self.more.push(item.to_owned());
        }
    }

    /// Takes an item out.
    pub fn leave(&mut self, item: &str) {
        let mut rest = self.items().filter(|known| *known != item).map(str::to_owned).collect::<Vec<_>>();
        self.item = if rest.is_empty() { String::new() } else { rest.remove(0) };
        self.more = rest;
    }
}

/// One piece of work a clerk has open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Which.
    pub id: Uuid,
    /// Whose.
    pub staff: StaffId,
    /// How often it was written.
    pub version: i64,
    /// The page that wrote last.
    pub writer: String,
    /// Its place, 1 to 3; none once it is closed.
    pub slot: Option<i64>,
    /// The draft of the application, once person and item are known.
    pub draft: Option<Uuid>,
    /// The case it became.
    pub case: Option<Uuid>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was written last.
    pub touched_at: Timestamp,
    /// What was typed.
    pub typed: Typed,
}

impl Tab {
    /// Whether a page that loaded `version` and calls itself `page` may write: nobody else wrote since.
    pub fn takes(&self, version: i64, page: &str) -> bool {
        version == self.version || (!page.is_empty() && page == self.writer)
    }
}

/// A row before its sealed part is opened.
struct Raw {
    tab: Tab,
    typed: Vec<u8>,
}

impl FromRow for Raw {
    fn from_row(row: &Row<'_>) -> store::Result<Self> {
        let tab = Tab {
            id: row.get(0)?,
            staff: StaffId(Uuid::nil()),
            version: row.get(1)?,
            writer: row.get(2)?,
            slot: row.get(3)?,
            draft: row.get(4)?,
            case: row.get(5)?,
            opened_at: row.get(6)?,
            touched_at: row.get(7)?,
            typed: Typed::default(),
        };
        Ok(Self { tab, typed: row.get(8)? })
    }
}

impl Raw {
    fn opened(self, ctx: &Ctx, staff: StaffId) -> store::Result<Tab> {
        let json = ctx.sealer.open(TYPED_FIELD, &self.typed)?;
        // The message of the parser would quote what was typed.
        let typed = serde_json::from_str(&json)
            .map_err(|_| store::Error::Corrupt(format!("what was typed in tab {}", self.tab.id)))?;
        Ok(Tab { staff, typed, ..self.tab })
    }
}

fn sealed(ctx: &Ctx, typed: &Typed) -> store::Result<Vec<u8>> {
    let json = serde_json::to_string(typed).map_err(|e| store::Error::Other(e.to_string()))?;
    Ok(ctx.seal(TYPED_FIELD, &json))
}

struct OpenOnes(StaffId);

impl Work for OpenOnes {
    type Out = Vec<Raw>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Vec<Raw>> {
        tx.all(sql::TABS, &[self.0.uuid().into()]).await
    }
}

/// The tabs a clerk has open, by their places.
pub async fn list(ctx: &Ctx, staff: StaffId) -> store::Result<Vec<Tab>> {
    ctx.db.read(OpenOnes(staff)).await?.into_iter().map(|raw| raw.opened(ctx, staff)).collect()
}

struct One(StaffId, Uuid);

impl Work for One {
    type Out = Option<Raw>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Option<Raw>> {
        tx.opt(sql::TAB, &[self.1.into(), self.0.uuid().into()]).await
    }
}

/// A tab of this clerk, open or closed.
pub async fn find(ctx: &Ctx, staff: StaffId, id: Uuid) -> store::Result<Option<Tab>> {
    ctx.db.read(One(staff, id)).await?.map(|raw| raw.opened(ctx, staff)).transpose()
}

/// What became of the wish to open a tab.
#[derive(Debug, PartialEq, Eq)]
pub enum Opened {
    /// It is open; the same when it was asked for twice.
    Here,
    /// All places are taken.
    Full,
}

struct OpenTab {
    staff: StaffId,
    id: Uuid,
    typed: Vec<u8>,
    now: Timestamp,
}

impl Work for OpenTab {
    type Out = Opened;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Opened> {
        let staff = self.staff.uuid();
        let forgotten = self.now.checked_sub(REMEMBERED_HOURS.hours()).unwrap_or(Timestamp::MIN);
        tx.exec(sql::FORGET_TABS, &[staff.into(), forgotten.into()]).await?;
        let open: Vec<Raw> = tx.all(sql::TABS, &[staff.into()]).await?;
        if tx.opt::<Raw>(sql::TAB, &[self.id.into(), staff.into()]).await?.is_some() {
            return Ok(Opened::Here);
        }
        let taken: Vec<i64> = open.iter().filter_map(|raw| raw.tab.slot).collect();
        let most = i64::try_from(MOST).unwrap_or(i64::MAX);
        let Some(free) = (1..=most).find(|slot| !taken.contains(slot)) else { return Ok(Opened::Full) };
        let row = [self.id.into(), staff.into(), free.into(), self.now.into(), (&self.typed).into()];
        tx.exec(sql::OPEN_TAB, &row).await?;
        Ok(Opened::Here)
    }
}

/// Opens a tab under an id that the page drew, so that a form sent twice opens one.
pub async fn open(ctx: &Ctx, staff: StaffId, id: Uuid, typed: &Typed) -> store::Result<Opened> {
    let typed = sealed(ctx, typed)?;
    match ctx.db.write(OpenTab { staff, id, typed, now: ctx.now() }).await {
        // The other of two forms sent at once took the place or the id.
        Err(store::Error::Unique { .. }) => {
            Ok(if find(ctx, staff, id).await?.is_some() { Opened::Here } else { Opened::Full })
        }
        done => done,
    }
}

struct SaveTab {
    was: i64,
    tab: Tab,
    typed: Vec<u8>,
}

impl Work for SaveTab {
    type Out = ();
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        let t = &self.tab;
        let row: [Val<'_>; 10] = [
            t.id.into(),
            t.staff.uuid().into(),
            self.was.into(),
            t.version.into(),
            (&t.writer).into(),
            t.slot.into(),
            t.draft.into(),
            t.case.into(),
            t.touched_at.into(),
            (&self.typed).into(),
        ];
        match tx.exec(sql::SAVE_TAB, &row).await? {
            1 => Ok(()),
            _ => Err(store::Error::Conflict("the tab was written meanwhile".into())),
        }
    }
}

/// Writes a tab as the page `writer`; yields it as it is kept.
pub async fn save(ctx: &Ctx, tab: Tab, writer: &str) -> store::Result<Tab> {
    let was = tab.version;
    let writer: String = writer.chars().take(40).collect();
    let tab = Tab { version: was + 1, writer, touched_at: ctx.now(), ..tab };
    let typed = sealed(ctx, &tab.typed)?;
    ctx.db.write(SaveTab { was, tab: tab.clone(), typed }).await?;
    Ok(tab)
}

struct DropTab(StaffId, Uuid);

impl Work for DropTab {
    type Out = ();
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        tx.exec(sql::DROP_TAB, &[self.1.into(), self.0.uuid().into()]).await.map(drop)
    }
}

/// Throws a tab away that became no case.
pub async fn discard(ctx: &Ctx, staff: StaffId, id: Uuid) -> store::Result<()> {
    ctx.db.write(DropTab(staff, id)).await
}
