//! How much of a word an entry has: the word itself, its pairs of characters, or pairs that sound the same.

use crate::fold::{Text, find};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Words around the title count half.
const AROUND: f32 = 0.5;
/// Pairs of characters prove less than the whole word.
const IN_PAIRS: f32 = 0.85;
/// A pair that only sounds the same.
const BY_EAR: f32 = 0.75;
/// A word of which less than this stands in the entry does not stand in it.
const ENOUGH: f32 = 0.3;

/// Two neighbouring characters.
type Pair = [char; 2];

/// How alike two characters sound: 1 the same reading, 0.8 nearly, 0 otherwise. The character itself is 1.
pub fn likeness(a: &Text, at_a: usize, b: &Text, at_b: usize) -> f32 {
    if a.chars[at_a] == b.chars[at_b] {
        return 1.0;
    }
    let same = |first: Option<&&str>, second: Option<&&str>| first.is_some() && first == second;
    if same(a.readings[at_a].first(), b.readings[at_b].first()) {
        1.0
    } else if !a.heard[at_a].is_empty() && a.heard[at_a] == b.heard[at_b] {
        0.8
    } else {
        0.0
    }
}

fn pairs(chars: &[char]) -> impl Iterator<Item = Pair> {
    chars.windows(2).map(|pair| [pair[0], pair[1]])
}

fn heard(text: &Text) -> impl Iterator<Item = (String, String)> {
    let both = text.heard.windows(2).filter(|pair| pair.iter().all(|one| !one.is_empty()));
    both.map(|pair| (pair[0].clone(), pair[1].clone()))
}

/// One entry as it is searched.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The title.
    pub title: Text,
    around: Text,
    title_pairs: HashSet<Pair>,
    around_pairs: HashSet<Pair>,
}

impl Prepared {
    /// Prepares a title and the words around it.
    pub fn of(title: &str, around: &str) -> Self {
        let (title, around) = (Text::of(title), Text::of(around));
        Self {
            title_pairs: pairs(&title.chars).collect(),
            around_pairs: pairs(&around.chars).collect(),
            title,
            around,
        }
    }
}

/// A word of a query with the weight of each of its pairs.
#[derive(Debug, Clone)]
pub struct Weighed {
    text: Text,
    /// One for each pair: its weight, and whether some entry has it.
    pairs: Vec<(f32, bool)>,
    /// The sum of the weights.
    pub weight: f32,
}

impl Weighed {
    /// Whether a pair of it stands nowhere: perhaps a slip.
    pub fn has_unknown(&self) -> bool {
        self.pairs.iter().any(|(_, known)| !known)
    }

    /// Its characters.
    pub fn chars(&self) -> &[char] {
        &self.text.chars
    }
}

/// How rare pairs are among all entries.
#[derive(Debug, Clone, Default)]
pub struct Rarity {
    entries: usize,
    with: HashMap<Pair, usize>,
    heard: HashMap<(String, String), usize>,
}

impl Rarity {
    /// Counts the entries.
    pub fn of(entries: &[Prepared]) -> Self {
        let mut rarity = Self { entries: entries.len(), ..Self::default() };
        for entry in entries {
            for pair in entry.title_pairs.union(&entry.around_pairs) {
                *rarity.with.entry(*pair).or_default() += 1;
            }
            let by_ear: HashSet<_> = heard(&entry.title).chain(heard(&entry.around)).collect();
            for pair in by_ear {
                *rarity.heard.entry(pair).or_default() += 1;
            }
        }
        rarity
    }

    /// The weight of something that so many entries have.
    #[expect(clippy::cast_precision_loss, reason = "a few thousand entries at most")]
    pub fn weight(&self, entries_with: usize) -> f32 {
        ((self.entries as f32 + 1.0) / (entries_with as f32 + 0.5)).ln().max(0.1)
    }

    /// Weighs a word: a pair by how few entries have it; where none has it, by how few have one that sounds the same;
    /// where none has that either, half of the most, since it may be the seam between two words.
    pub fn weigh(&self, word: &[char]) -> Weighed {
        let text = Text::of(&word.iter().collect::<String>());
        let pairs: Vec<(f32, bool)> = (1..text.chars.len())
            .map(|end| {
                if let Some(count) = self.with.get(&[text.chars[end - 1], text.chars[end]]) {
                    return (self.weight(*count), true);
                }
                let ear = (text.heard[end - 1].clone(), text.heard[end].clone());
                let heard = self.heard.get(&ear).map(|count| self.weight(*count));
                (heard.unwrap_or_else(|| self.weight(0) * 0.5), false)
            })
            .collect();
        let weight = if pairs.is_empty() { 1.0 } else { pairs.iter().map(|(weight, _)| weight).sum() };
        Weighed { text, pairs, weight }
    }
}

/// What part of `word` the entry has, 0–1; the places in its title are added to `marks`.
pub fn part(word: &Weighed, entry: &Prepared, marks: &mut Vec<Range<usize>>) -> f32 {
    let chars = &word.text.chars;
    if let Some(start) = entry.title.find(chars) {
        marks.push(start..start + chars.len());
        return 1.0;
    }
    if find(&entry.around.chars, chars).is_some() {
        return AROUND;
    }
    let (mut had, mut places) = (0.0, Vec::new());
    for (at, (weight, known)) in word.pairs.iter().enumerate() {
        let pair = [chars[at], chars[at + 1]];
        if entry.title_pairs.contains(&pair) {
            had += weight;
            places.extend(entry.title.find(&pair));
        } else if entry.around_pairs.contains(&pair) {
            had += weight * AROUND;
        } else if !known && let Some((place, likeness)) = by_ear(&word.text, at, &entry.title) {
            had += weight * BY_EAR * likeness;
            places.push(place);
        }
    }
    let share = IN_PAIRS * had / word.weight;
    if share < ENOUGH {
        return 0.0;
    }
    marks.extend(places.into_iter().map(|place| place..place + 2));
    share
}

/// Where a pair that sounds the same stands, and how alike it is.
fn by_ear(word: &Text, pair: usize, title: &Text) -> Option<(usize, f32)> {
    let like = |at: usize| likeness(word, pair, title, at) * likeness(word, pair + 1, title, at + 1);
    let places = 0..title.chars.len().saturating_sub(1);
    places.map(|at| (at, like(at))).filter(|(_, like)| *like > 0.0).fold(None, |best, now| match best {
        Some((_, known)) if known >= now.1 => best,
        _ => Some(now),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sounds_alike_is_nearly_the_same() {
        let like = |a: &str, b: &str| likeness(&Text::of(a), 0, &Text::of(b), 0);
        assert_eq!((like("证", "证"), like("证", "正"), like("证", "怎")), (1.0, 1.0, 0.8));
        assert_eq!((like("证", "卡"), like("a", "b"), like("1", "2")), (0.0, 0.0, 0.0));
    }

    #[test]
    fn rare_words_weigh_more() {
        let entries = ["失业登记", "注销登记", "迁移登记"].map(|title| Prepared::of(title, ""));
        let rarity = Rarity::of(&entries);
        let weight = |word: &str| rarity.weigh(&word.chars().collect::<Vec<_>>()).weight;
        assert!(weight("失业") > weight("登记"));
    }
}
