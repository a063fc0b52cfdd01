//! Rows of any table: read in pages by their key, written as they are, and summed up so that two databases can be
//! compared.

use sm3::{Digest as _, Sm3};

use super::shape::Table;
use crate::value::Cell;
use crate::{FromRow, Result, Row, Tx, Val, hex};

/// Rows in memory at once.
const PAGE: u32 = 500;

/// What one table holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSum {
    /// Its name.
    pub table: String,
    /// Its rows.
    pub rows: u64,
    /// The SM3 digests of all rows added up, as hexadecimal digits: the same on both engines, whose orders of text differ.
    pub digest: String,
}

/// A value that was taken out of its row.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Kept {
    Null,
    I(i64),
    T(String),
    B(Vec<u8>),
}

impl Kept {
    fn val(&self) -> Val<'_> {
        match self {
            Self::Null => Val::Null,
            Self::I(n) => Val::I(*n),
            Self::T(text) => Val::T(text),
            Self::B(bytes) => Val::B(bytes),
        }
    }

    /// Feeds the value with its kind and length, so that no two different rows look the same.
    fn feed(&self, hasher: &mut Sm3) {
        let (tag, bytes): (u8, &[u8]) = match self {
            Self::Null => (0, &[]),
            Self::I(n) => (1, &n.to_le_bytes()),
            Self::T(text) => (2, text.as_bytes()),
            Self::B(bytes) => (3, bytes),
        };
        hasher.update([tag]);
        hasher.update((bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    }
}

struct Whole(Vec<Kept>);

impl FromRow for Whole {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let kept = |i| {
            Ok(match row.cell(i)? {
                Cell::Null => Kept::Null,
                Cell::I(n) => Kept::I(n),
                Cell::T(text) => Kept::T(text.to_owned()),
                Cell::B(bytes) => Kept::B(bytes.to_vec()),
            })
        };
        (0..row.columns()).map(kept).collect::<Result<_>>().map(Self)
    }
}

/// Adds digests up, in any order.
#[derive(Default)]
struct Adder {
    rows: u64,
    sum: [u64; 4],
}

impl Adder {
    fn add(&mut self, row: &Whole) {
        let mut hasher = Sm3::new();
        for value in &row.0 {
            value.feed(&mut hasher);
        }
        for (word, bytes) in self.sum.iter_mut().zip(hasher.finalize().chunks_exact(8)) {
            let mut eight = [0; 8];
            eight.copy_from_slice(bytes);
            *word = word.wrapping_add(u64::from_le_bytes(eight));
        }
        self.rows += 1;
    }

    fn end(self, table: &Table) -> TableSum {
        let bytes: Vec<u8> = self.sum.iter().flat_map(|word| word.to_le_bytes()).collect();
        TableSum { table: table.name.clone(), rows: self.rows, digest: hex::encode(&bytes) }
    }
}

/// Reads a table page by page, in the order of its key.
struct Reader<'a> {
    table: &'a Table,
    last: Option<Vec<Kept>>,
}

impl<'a> Reader<'a> {
    fn new(table: &'a Table) -> Self {
        Self { table, last: None }
    }

    /// The next rows; none when all have been read.
    async fn next(&mut self, tx: &Tx) -> Result<Vec<Whole>> {
        let key: Vec<Val<'_>> = self.last.iter().flatten().map(Kept::val).collect();
        let page: Vec<Whole> = tx.all(&self.table.page(!key.is_empty(), PAGE), &key).await?;
        if let Some(last) = page.last() {
            self.last = Some(self.table.key.iter().map(|i| last.0[*i].clone()).collect());
        }
        Ok(page)
    }
}

/// What a table holds.
pub(super) async fn sum(tx: &Tx, table: &Table) -> Result<TableSum> {
    let (mut reader, mut adder) = (Reader::new(table), Adder::default());
    loop {
        let page = reader.next(tx).await?;
        if page.is_empty() {
            return Ok(adder.end(table));
        }
        page.iter().for_each(|row| adder.add(row));
    }
}

/// Writes all rows of a table into the other database, which has the same table, and says what was sent.
pub(super) async fn copy(source: &Tx, target: &Tx, table: &Table) -> Result<TableSum> {
    let (mut reader, mut adder, insert) = (Reader::new(table), Adder::default(), table.insert());
    loop {
        let page = reader.next(source).await?;
        if page.is_empty() {
            return Ok(adder.end(table));
        }
        page.iter().for_each(|row| adder.add(row));
        let values: Vec<Vec<Val<'_>>> =
            page.iter().map(|row| row.0.iter().map(Kept::val).collect()).collect();
        let list: Vec<(&str, &[Val<'_>])> =
            values.iter().map(|row| (insert.as_str(), row.as_slice())).collect();
        // The first alone, so that the statement is prepared once before many ask for it together.
        let (first, rest) = list.split_at(1);
        target.batch(first).await?;
        target.batch(rest).await?;
    }
}
