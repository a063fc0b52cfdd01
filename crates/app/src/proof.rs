//! The proof that what is shown is what happened: every row is the fold of its stream in the journal.

use crate::run::Aggregate;
use serde::de::DeserializeOwned;
use store::seal::{SealedColumn, Sealer, first_altered};
use store::{Db, FromRow, Row, Tx, Work, journal};
use uuid::Uuid;

/// How many events are read at a time.
const EVENTS: u32 = 1000;
/// How many rows are compared in one snapshot; a longer one would keep the database from tidying up behind writers.
pub const ROWS: u32 = 200;

/// An aggregate whose row can be compared with its stream.
pub trait Proven: Aggregate<Event: DeserializeOwned> + FromRow + PartialEq {
    /// The statement that reads rows after an id ($1), in the order of ids, at most $2; the derived columns stand after
    /// those that [`FromRow`] reads.
    const ROWS_AFTER: &'static str;

    /// Whether the derived columns of the row, which answer queries, are those of this state.
    ///
    /// # Errors
    /// When a column cannot be read.
    fn columns_fit(&self, row: &Row<'_>) -> store::Result<bool>;

    /// The row as it stood before its first event: what the events do not say (its numbers) stays.
    fn unfolded(&self) -> Self;

    /// What is kept in other tables beside these rows, all whose ids follow `after` in their order: the first id whose
    /// part there is not what its state says. Nothing is kept elsewhere for most.
    fn beside(
        _: &Tx,
        _after: Uuid,
        _rows: &[&Self],
    ) -> impl Future<Output = store::Result<Option<Uuid>>> + Send {
        std::future::ready(Ok(None))
    }

    /// Whether everything that an event names by its id, and that is kept elsewhere, is there. Most name nothing.
    fn holds_what_it_names(_: &Tx, _: &Self::Event) -> impl Future<Output = store::Result<bool>> + Send {
        std::future::ready(Ok(true))
    }
}

/// Whether the row is the fold of its stream.
///
/// # Errors
/// When the journal cannot be read or an event cannot be understood.
pub async fn is_proven<A: Proven>(tx: &Tx, row: &A) -> store::Result<bool> {
    let stream = journal::Stream { kind: A::STREAM, id: row.id() };
    let mut folded = row.unfolded();
    loop {
        let page = journal::read(tx, stream, folded.version(), EVENTS).await?;
        let full = page.len() >= EVENTS as usize;
        for envelope in page {
            let event = event_of::<A>(&envelope)?;
            if !A::holds_what_it_names(tx, &event).await? {
                return Ok(false);
            }
            folded = folded.apply(&event);
        }
        if !full {
            return Ok(folded == *row);
        }
    }
}

/// The first id at which two lists, both in the order of their ids, are not the same.
pub fn first_difference<T: PartialEq>(expected: &[T], found: &[T], id: impl Fn(&T) -> Uuid) -> Option<Uuid> {
    let same = expected.iter().zip(found).take_while(|(a, b)| a == b).count();
    expected.get(same).into_iter().chain(found.get(same)).map(id).min()
}

/// What comparing all rows of one kind found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Rows compared.
    pub rows: u64,
    /// The first row that is not the fold of its stream, or the first stream whose row is gone.
    pub unproven: Option<Uuid>,
}

/// A row read with its derived columns, and whether these fit.
struct Whole<A>(A, bool);

impl<A: Proven> FromRow for Whole<A> {
    fn from_row(row: &Row<'_>) -> store::Result<Self> {
        let state = A::from_row(row)?;
        let fits = state.columns_fit(row)?;
        Ok(Self(state, fits))
    }
}

struct Page<A> {
    after: Uuid,
    kind: std::marker::PhantomData<fn() -> A>,
}

impl<A: Proven + 'static> Work for Page<A> {
    type Out = (Vec<Uuid>, Option<Uuid>);
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        let rows: Vec<Whole<A>> = tx.all(A::ROWS_AFTER, &[self.after.into(), ROWS.into()]).await?;
        // Whoever takes rows away at the end leaves their streams there.
        let last = rows.get(ROWS as usize - 1).map_or(Uuid::max(), |row| row.0.id());
        if let Some(wrong) = first_unproven(tx, (self.after, last), &rows).await? {
            return Ok((Vec::new(), Some(wrong)));
        }
        let states: Vec<&A> = rows.iter().map(|whole| &whole.0).collect();
        if let Some(other) = A::beside(tx, self.after, &states).await? {
            return Ok((Vec::new(), Some(other)));
        }
        Ok((rows.iter().map(|row| row.0.id()).collect(), None))
    }
}

/// A row and the fold of what was read of its stream so far.
struct Folding<'a, A>(&'a Whole<A>, A);

impl<A: Proven> Folding<'_, A> {
    fn holds(&self) -> bool {
        let Whole(row, columns_fit) = self.0;
        *columns_fit && self.1 == *row
    }
}

/// The first id after `after` up to `last` whose row, of these rows that are all there are, is not the fold of its stream,
/// or that has a row and no stream, or a stream and no row.
async fn first_unproven<A: Proven>(
    tx: &Tx,
    (after, last): (Uuid, Uuid),
    rows: &[Whole<A>],
) -> store::Result<Option<Uuid>> {
    let mut rows = rows.iter();
    let mut open: Option<Folding<'_, A>> = None;
    let mut read = (after, i64::MAX);
    loop {
        let page = journal::read_between(tx, A::STREAM, read, last, EVENTS).await?;
        let full = page.len() >= EVENTS as usize;
        for envelope in &page {
            let id = envelope.stream_id;
            if id != read.0 {
                if let Some(ended) = open.take().filter(|ended| !ended.holds()) {
                    return Ok(Some(ended.0.0.id()));
                }
                match rows.next() {
                    Some(row) if row.0.id() == id => open = Some(Folding(row, row.0.unfolded())),
                    other => return Ok(other.map(|row| row.0.id().min(id)).or(Some(id))),
                }
            }
            read = (id, envelope.seq);
            let event = event_of::<A>(envelope)?;
            if !A::holds_what_it_names(tx, &event).await? {
                return Ok(Some(id));
            }
            open = open.map(|Folding(row, folded)| Folding(row, folded.apply(&event)));
        }
        if !full {
            let ended = open.filter(|ended| !ended.holds()).map(|ended| ended.0.0.id());
            return Ok(ended.or_else(|| rows.next().map(|row| row.0.id())));
        }
    }
}

fn event_of<A: Proven>(envelope: &journal::Envelope) -> store::Result<A::Event> {
    serde_json::from_str(&envelope.event.body_json).map_err(|e| {
        let (seq, id) = (envelope.seq, envelope.stream_id);
        store::Error::Corrupt(format!("event {seq} of {} {id}: {e}", A::STREAM))
    })
}

/// Compares all rows of one kind, stopping at the first that is not the fold of its stream.
///
/// # Errors
/// When the data cannot be read or an event cannot be understood.
pub async fn all<A: Proven + 'static>(db: &Db) -> store::Result<Outcome> {
    let (mut rows, mut after) = (0, Uuid::nil());
    loop {
        let (seen, unproven) = db.read(Page::<A> { after, kind: std::marker::PhantomData }).await?;
        rows += seen.len() as u64;
        match seen.last() {
            Some(last) => after = *last,
            None => return Ok(Outcome { rows, unproven }),
        }
    }
}

/// What the whole proof found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The first entry of the journal that does not fit its chain.
    pub journal: Option<journal::Broken>,
    /// Each kind of aggregate with what its rows showed.
    pub kinds: Vec<(&'static str, Outcome)>,
}

impl Report {
    /// Nothing was altered, taken away or added.
    pub fn holds(&self) -> bool {
        self.journal.is_none() && self.kinds.iter().all(|(_, outcome)| outcome.unproven.is_none())
    }
}

struct Chain;

impl Work for Chain {
    type Out = Option<journal::Broken>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        journal::verify(tx).await
    }
}

async fn proven<A: Proven + 'static>(db: &Db) -> store::Result<(&'static str, Outcome)> {
    Ok((A::STREAM, all::<A>(db).await?))
}

/// Walks the journal and, beside it, every row of every kind.
///
/// # Errors
/// When the data cannot be read.
pub async fn prove(db: &Db) -> store::Result<Report> {
    let (journal, kinds) = tokio::try_join!(db.read(Chain), every_kind(db))?;
    Ok(Report { journal, kinds })
}

async fn every_kind(db: &Db) -> store::Result<Vec<(&'static str, Outcome)>> {
    let mut kinds = vec![
        proven::<crate::cases::CaseRecord>(db).await?,
        proven::<crate::cases::TrustRecord>(db).await?,
        proven::<crate::org::OfficeRecord>(db).await?,
        proven::<crate::org::WorkdaysRecord>(db).await?,
        proven::<crate::papers::PaperRecord>(db).await?,
        proven::<crate::admin::Rerun>(db).await?,
    ];
    kinds.extend(crate::identity::proven(db).await?);
    kinds.push(("attachment", crate::cases::prove_files(db).await?));
    Ok(kinds)
}

/// What opening everything sealed found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedReport {
    /// Each sealed column with its values, and the key of the first row whose value does not open.
    pub columns: Vec<(&'static str, u64, Option<String>)>,
    /// Whether the forms are those that were handed in.
    pub forms: Outcome,
}

impl SealedReport {
    /// Nothing sealed was altered.
    pub fn holds(&self) -> bool {
        self.forms.unproven.is_none() && self.columns.iter().all(|(.., altered)| altered.is_none())
    }
}

/// Opens everything that is sealed, which shows each altered byte, and compares the forms with the journal.
///
/// # Errors
/// When the data cannot be read.
pub async fn prove_sealed(db: &Db, sealer: &Sealer) -> store::Result<SealedReport> {
    let mut columns = Vec::new();
    // The forms of cases are opened where they are compared.
    for field in crate::resealing::FIELDS.iter().filter(|field| **field != crate::cases::FORM_FIELD) {
        let (values, altered) = first_altered(db, sealer, SealedColumn::of(field)).await?;
        columns.push((*field, values, altered));
    }
    Ok(SealedReport { columns, forms: crate::cases::prove_forms(db, sealer).await? })
}
