//! The index: entries, what is rare among them, and the ranking of what fits.

use crate::align;
use crate::fold::Text;
use crate::lexicon::{Lexicon, Meaning};
use crate::measure::{Prepared, Rarity, Weighed, part};
use crate::query::{Query, Unit, Way, read, ways_of_word};
use crate::spell::{Known, nearest};
use std::collections::HashSet;
use std::ops::Range;

/// An entry answers a query when it covers at least this share of its weight; below, it is shown as perhaps related.
const STRONG: f32 = 0.5;
/// An entry that covers less is not shown.
const WEAK: f32 = 0.3;
/// An entry far behind the best is not shown.
const BEHIND: f32 = 0.5;
/// A saying counts more than a run of the same rarity: the editors know that it is one word.
const SAYING: f32 = 1.5;
/// A word that was probably meant is a little less sure than one that was written.
const MENDED: f32 = 0.9;
/// Letters laid over a title are less sure than letters that spell a saying of the lexicon.
const BARE_LETTERS: f32 = 0.94;
/// What colours a query counts this much.
const SOFT: f32 = 0.3;
/// Shown at most.
const MOST: usize = 60;
/// Words that can be suggested are not longer than this.
const LONGEST_WORD: usize = 12;

/// What can be found.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What is shown and marked.
    pub title: String,
    /// Words around it (department, themes) that help to find it, counted less.
    pub around: String,
}

/// One entry found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Its place in the list the index was made from.
    pub at: usize,
    /// Higher is better.
    pub score: f32,
    /// It answers the query; otherwise it is perhaps related.
    pub strong: bool,
    /// The characters of its title that match, sorted, apart from one another.
    pub marks: Vec<Range<usize>>,
}

/// What a query finds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    /// Best first; ties in the order of the entries.
    pub hits: Vec<Hit>,
    /// The word that was probably meant.
    pub meant: Option<String>,
    /// The hits are those of the word that was meant, because what was typed finds nothing.
    pub instead: bool,
    /// Where to go when it is not done here.
    pub elsewhere: Option<String>,
}

/// Entries that can be found.
#[derive(Debug)]
pub struct Index {
    entries: Vec<Prepared>,
    rarity: Rarity,
    lexicon: Lexicon,
    known: Vec<Known>,
}

/// A unit of a query, weighed.
struct Asked {
    ways: Vec<AskedWay>,
    weight: f32,
}

/// One way to answer it, weighed.
enum AskedWay {
    Words(Vec<Weighed>, f32),
    Letters(Vec<char>),
}

impl Index {
    /// Makes the index; a change of the entries makes a new one (milliseconds for hundreds of entries).
    pub fn new(entries: &[Entry], lexicon: Lexicon) -> Self {
        let prepared: Vec<Prepared> =
            entries.iter().map(|entry| Prepared::of(&entry.title, &entry.around)).collect();
        let known = known(entries, &lexicon);
        Self { rarity: Rarity::of(&prepared), entries: prepared, lexicon, known }
    }

    /// What fits what was typed.
    pub fn find(&self, typed: &str) -> Answer {
        let mut query = read(typed, &self.lexicon);
        let mended = self.mend(&mut query);
        let hits = self.rank(&query);
        let sure = hits.first().is_some_and(|hit| hit.strong);
        let mut answer = Answer { hits, elsewhere: query.elsewhere, meant: mended, ..Answer::default() };
        if sure || answer.elsewhere.is_some() {
            return answer;
        }
        let Some(meant) = nearest(typed, &self.known) else { return answer };
        if answer.hits.is_empty() {
            answer.hits = self.rank(&read(meant, &self.lexicon));
            answer.instead = true;
        }
        answer.meant = Some(meant.to_owned());
        answer
    }

    /// Gives a run with a slip in it the ways of the known word that was probably meant; returns that word.
    fn mend(&self, query: &mut Query) -> Option<String> {
        let mut meant = None;
        for unit in &mut query.units {
            let [Way::Run(run)] = unit.ways.as_slice() else { continue };
            if !self.rarity.weigh(run).has_unknown() {
                continue;
            }
            if let Some(word) = nearest(&run.iter().collect::<String>(), &self.known) {
                unit.ways.extend(ways_of_word(word, &self.lexicon, MENDED));
                meant = Some(word.to_owned());
            }
        }
        meant
    }

    fn rank(&self, query: &Query) -> Vec<Hit> {
        let asked: Vec<Asked> = query.units.iter().map(|unit| self.weigh(unit)).collect();
        let all: f32 = asked.iter().map(|unit| unit.weight).sum();
        if all <= 0.0 {
            return Vec::new();
        }
        let judge = |at: usize| self.judge(at, query, &asked, all);
        let mut hits: Vec<Hit> = (0..self.entries.len()).filter_map(judge).collect();
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.at.cmp(&b.at)));
        let floor = hits.first().map_or(0.0, |best| best.score * BEHIND);
        hits.retain(|hit| hit.score >= floor);
        hits.truncate(MOST);
        hits
    }

    /// How well one entry answers the query.
    fn judge(&self, at: usize, query: &Query, asked: &[Asked], all: f32) -> Option<Hit> {
        let entry = &self.entries[at];
        let mut marks: Vec<Range<usize>> = Vec::new();
        let mut covered = 0.0;
        for unit in asked {
            let (share, places) = best_way(&unit.ways, entry);
            covered += share * unit.weight;
            marks.extend(places);
        }
        let mut coverage = covered / all;
        let whole = entry.title.find(&query.all).filter(|_| query.all.len() > 1);
        if let Some(start) = whole {
            coverage = 1.0;
            marks.push(start..start + query.all.len());
        }
        if coverage < WEAK {
            return None;
        }
        let marked: HashSet<usize> = marks.iter().cloned().flatten().collect();
        let share = ratio(marked.len(), entry.title.chars.len());
        let exact = if whole.is_some() { 0.3 } else { 0.0 };
        let first = if marked.contains(&0) { 0.03 } else { 0.0 };
        let score = coverage + 0.25 * share + exact + first;
        Some(Hit { at, score, strong: coverage >= STRONG, marks: ranges(&marked, &entry.title) })
    }

    /// How much a unit counts: runs by their pairs, sayings by how few entries have one of their official words.
    fn weigh(&self, unit: &Unit) -> Asked {
        let weighed = |way: &Way| match way {
            Way::Run(run) => AskedWay::Words(vec![self.rarity.weigh(run)], 1.0),
            Way::Words(words, factor) => {
                AskedWay::Words(words.iter().map(|word| self.rarity.weigh(word)).collect(), *factor)
            }
            Way::Letters(letters) => AskedWay::Letters(letters.clone()),
        };
        let ways: Vec<AskedWay> = unit.ways.iter().map(weighed).collect();
        let run = unit.ways.iter().any(|way| matches!(way, Way::Run(_)));
        let weight = match ways.first() {
            Some(AskedWay::Words(words, _)) if run => words.iter().map(|word| word.weight).sum(),
            _ => {
                SAYING * self.rarity.weight(self.entries.iter().filter(|entry| has_one(&ways, entry)).count())
            }
        };
        Asked { ways, weight: if unit.soft { weight * SOFT } else { weight } }
    }
}

/// Whether the title has all the words of one of the ways.
fn has_one(ways: &[AskedWay], entry: &Prepared) -> bool {
    ways.iter().any(|way| match way {
        AskedWay::Words(words, _) => words.iter().all(|word| entry.title.find(word.chars()).is_some()),
        AskedWay::Letters(_) => false,
    })
}

/// The best way in which an entry answers a unit, and where.
fn best_way(ways: &[AskedWay], entry: &Prepared) -> (f32, Vec<Range<usize>>) {
    let mut best = (0.0, Vec::new());
    for way in ways {
        let mut marks = Vec::new();
        let share = match way {
            AskedWay::Words(words, factor) => {
                let sum: f32 = words.iter().map(|word| part(word, entry, &mut marks)).sum();
                factor * sum * ratio(1, words.len())
            }
            AskedWay::Letters(letters) => align::best(letters, &entry.title).map_or(0.0, |fit| {
                marks.push(fit.start..fit.start + fit.len);
                fit.quality * BARE_LETTERS
            }),
        };
        if share > best.0 {
            best = (share, marks);
        }
    }
    best
}

#[expect(clippy::cast_precision_loss, reason = "lengths of titles")]
fn ratio(part: usize, whole: usize) -> f32 {
    if whole == 0 { 0.0 } else { part as f32 / whole as f32 }
}

/// Marked characters of the folded title as ranges of the original one.
fn ranges(marked: &HashSet<usize>, title: &Text) -> Vec<Range<usize>> {
    let mut places: Vec<usize> = marked.iter().filter_map(|at| title.at.get(*at).copied()).collect();
    places.sort_unstable();
    places.dedup();
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for place in places {
        match ranges.last_mut() {
            Some(last) if last.end == place => last.end += 1,
            _ => ranges.push(place..place + 1),
        }
    }
    ranges
}

/// What can be suggested: sayings, their official words, and the parts of titles.
fn known(entries: &[Entry], lexicon: &Lexicon) -> Vec<Known> {
    let mut words: Vec<String> = Vec::new();
    for saying in &lexicon.sayings {
        if let Meaning::Words { ways, .. } = &saying.meaning {
            words.push(saying.said.clone());
            words.extend(ways.iter().flatten().map(|word| word.iter().collect()));
        }
    }
    for entry in entries {
        words.extend(entry.title.split(|c: char| !c.is_alphanumeric()).map(str::to_owned));
    }
    let mut seen = HashSet::new();
    words.retain(|word| seen.insert(word.clone()));
    let known = words.iter().map(|word| Known::of(word));
    known.filter(|known| (2..=LONGEST_WORD).contains(&known.len())).collect()
}
