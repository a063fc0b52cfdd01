//! The proof that what is shown is what happened: every row is the fold of its stream in the journal.

use crate::run::Aggregate;
use serde::de::DeserializeOwned;
use store::{Db, FromRow, Row, Tx, Work, journal};
use uuid::Uuid;

/// How many events of a stream are read at a time when it is folded anew.
const EVENTS: u32 = 500;
/// How many rows are compared in one snapshot; a longer one would keep the database from tidying up behind writers.
const ROWS: u32 = 200;

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
            let event = serde_json::from_str(&envelope.event.body_json).map_err(|e| {
                store::Error::Corrupt(format!("event {} of {} {}: {e}", envelope.seq, A::STREAM, row.id()))
            })?;
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
        if let Some(lost) = streamless_or_rowless(tx, self.after, &rows).await? {
            return Ok((Vec::new(), Some(lost)));
        }
        for Whole(row, fits) in &rows {
            if !fits || !is_proven(tx, row).await? {
                return Ok((Vec::new(), Some(row.id())));
            }
        }
        let states: Vec<&A> = rows.iter().map(|whole| &whole.0).collect();
        if let Some(other) = A::beside(tx, self.after, &states).await? {
            return Ok((Vec::new(), Some(other)));
        }
        Ok((rows.iter().map(|row| row.0.id()).collect(), None))
    }
}

/// The first id that has a row and no stream, or a stream and no row: whoever takes a row away leaves its stream.
async fn streamless_or_rowless<A: Proven>(
    tx: &Tx,
    after: Uuid,
    rows: &[Whole<A>],
) -> store::Result<Option<Uuid>> {
    let heads = journal::heads(tx, A::STREAM, after, ROWS).await?;
    let mut with_row = rows.iter().map(|Whole(row, _)| row.id());
    let mut with_stream = heads.iter().map(|head| head.stream_id);
    loop {
        match (with_row.next(), with_stream.next()) {
            (None, None) => return Ok(None),
            (row, stream) if row == stream => {}
            (row, stream) => return Ok(row.into_iter().chain(stream).min()),
        }
    }
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

/// Walks the journal, then every row of every kind.
///
/// # Errors
/// When the data cannot be read.
pub async fn prove(db: &Db) -> store::Result<Report> {
    let journal = db.read(Chain).await?;
    let mut kinds = vec![
        proven::<crate::cases::CaseRecord>(db).await?,
        proven::<crate::cases::TrustRecord>(db).await?,
        proven::<crate::org::OfficeRecord>(db).await?,
        proven::<crate::org::WorkdaysRecord>(db).await?,
        proven::<crate::papers::PaperRecord>(db).await?,
        proven::<crate::admin::Rerun>(db).await?,
    ];
    kinds.extend(crate::identity::proven(db).await?);
    Ok(Report { journal, kinds })
}
