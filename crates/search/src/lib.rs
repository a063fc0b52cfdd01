//! Finding by what people type: everyday words, whole pinyin or initials, and words with a slip in them.
//!
//! Pure and in memory. An [`Index`] is made from entries (a title, and words around it) and a [`Lexicon`] that the
//! city's editors own: what people say, and which official words it stands for. Nothing here knows what an item is.
//!
//! A query is cut into units: what the lexicon knows, and the runs between. Each unit has a weight (rare words weigh
//! more); an entry's score is the share of the weight that it covers. So a long sentence finds the entry that answers
//! most of it, and a query that nothing answers finds nothing.

mod align;
mod fold;
mod index;
mod lexicon;
mod measure;
mod query;
mod sound;
mod spell;

pub use index::{Answer, Entry, Hit, Index};
pub use lexicon::{BadRow, Force, Lexicon, Row};
