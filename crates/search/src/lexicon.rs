//! What people say and which official words it stands for; owned by the editors of the catalogue.

use crate::fold::Text;
use std::collections::HashMap;
use std::fmt;

/// How much a saying counts in a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Force {
    /// Like any word.
    Full,
    /// It colours what else is said: 丢了 in 身份证丢了.
    Soft,
    /// It says nothing about what is wanted: 怎么办.
    None,
}

/// One row of the lexicon.
#[derive(Debug, Clone)]
pub struct Row {
    /// What people say.
    pub said: String,
    /// Official words: alternatives separated by `|`, the likeliest first; words of one alternative by a space.
    pub official: String,
    /// How much it counts.
    pub force: Force,
}

/// Why a row cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Counted from 1.
    pub row: usize,
    /// What is wrong.
    pub problem: &'static str,
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {}: {}", self.row, self.problem)
    }
}

impl std::error::Error for BadRow {}

/// What one saying stands for.
#[derive(Debug, Clone)]
pub(crate) enum Meaning {
    /// Official words: alternatives, each of one or more words.
    Words { ways: Vec<Vec<Vec<char>>>, soft: bool },
    /// Nothing that is wanted.
    Nothing,
    /// Something that is done elsewhere; the sentence says where.
    Elsewhere(String),
}

/// One saying.
#[derive(Debug, Clone)]
pub(crate) struct Saying {
    pub said: String,
    pub text: Text,
    pub meaning: Meaning,
}

/// Sayings by their folded text.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    pub(crate) sayings: Vec<Saying>,
    by_text: HashMap<Vec<char>, usize>,
    longest: usize,
}

impl Lexicon {
    /// From the rows of the editors' file. A later row about the same saying replaces the earlier one.
    ///
    /// # Errors
    /// Names the first row that says nothing, or stands for nothing though it should.
    pub fn new(rows: impl IntoIterator<Item = Row>) -> Result<Self, BadRow> {
        let mut lexicon = Self::default();
        for (row, entry) in (1..).zip(rows) {
            let ways: Vec<Vec<Vec<char>>> = entry
                .official
                .split('|')
                .map(|way| way.split_whitespace().map(|word| Text::of(word).chars).collect::<Vec<_>>())
                .map(|way| way.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>())
                .filter(|way: &Vec<Vec<char>>| !way.is_empty())
                .collect();
            let meaning = match entry.force {
                Force::None if !ways.is_empty() => {
                    return Err(BadRow { row, problem: "a word that does not count has no official words" });
                }
                Force::None => Meaning::Nothing,
                _ if ways.is_empty() => return Err(BadRow { row, problem: "no official words" }),
                force => Meaning::Words { ways, soft: force == Force::Soft },
            };
            lexicon.add(row, &entry.said, meaning)?;
        }
        Ok(lexicon)
    }

    /// Adds what is done elsewhere, with the sentence that says where.
    ///
    /// # Errors
    /// Names the first row that says nothing.
    pub fn with_elsewhere(
        mut self,
        rows: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, BadRow> {
        for (row, (said, place)) in (1..).zip(rows) {
            if place.trim().is_empty() {
                return Err(BadRow { row, problem: "the place is empty" });
            }
            self.add(row, &said, Meaning::Elsewhere(place))?;
        }
        Ok(self)
    }

    fn add(&mut self, row: usize, said: &str, meaning: Meaning) -> Result<(), BadRow> {
        let text = Text::of(said);
        if text.chars.is_empty() {
            return Err(BadRow { row, problem: "nothing is said" });
        }
        self.longest = self.longest.max(text.chars.len());
        let saying = Saying { said: said.to_owned(), text, meaning };
        match self.by_text.get(&saying.text.chars) {
            Some(at) => self.sayings[*at] = saying,
            None => {
                self.by_text.insert(saying.text.chars.clone(), self.sayings.len());
                self.sayings.push(saying);
            }
        }
        Ok(())
    }

    /// The longest saying that `chars` begins with, and its length.
    pub(crate) fn longest_at(&self, chars: &[char]) -> Option<(usize, &Saying)> {
        (1..=self.longest.min(chars.len())).rev().find_map(|len| {
            let at = self.by_text.get(&chars[..len])?;
            Some((len, &self.sayings[*at]))
        })
    }
}
