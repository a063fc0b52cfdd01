//! What is typed, cut into units: sayings of the lexicon, runs between them, and typed letters.

use crate::align;
use crate::fold::Text;
use crate::lexicon::{Lexicon, Meaning, Saying};

/// What people type at most; the rest is not looked at.
const LONGEST: usize = 60;
/// A saying reached by letters is a little less sure than one that was written.
const BY_LETTERS: f32 = 0.95;
/// The saying itself where a title has it: the editors' official words come first.
const AS_SAID: f32 = 0.92;
/// Two letters are the initials of too much.
const FEWEST_LETTERS: usize = 2;

/// One way in which an entry can answer a unit.
#[derive(Debug, Clone)]
pub enum Way {
    /// All of these words, counted with a factor.
    Words(Vec<Vec<char>>, f32),
    /// This run of characters.
    Run(Vec<char>),
    /// These letters laid over the title.
    Letters(Vec<char>),
}

/// One thing a query asks for.
#[derive(Debug, Clone)]
pub struct Unit {
    /// The ways to answer it; none when it is answered elsewhere.
    pub ways: Vec<Way>,
    /// It only colours the rest.
    pub soft: bool,
}

/// A query.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// All that was typed, folded, without spaces.
    pub all: Vec<char>,
    /// What it asks for.
    pub units: Vec<Unit>,
    /// Where to go for the part of it that is done elsewhere.
    pub elsewhere: Option<String>,
}

/// Reads what was typed.
pub fn read(typed: &str, lexicon: &Lexicon) -> Query {
    let typed: String = typed.chars().take(LONGEST).collect();
    let text = Text::of(&typed);
    let mut query = Query { all: text.chars.clone(), ..Query::default() };
    let mut run: Vec<char> = Vec::new();
    let mut at = 0;
    while at < text.chars.len() {
        if text.start[at] {
            end_run(&mut run, &mut query, lexicon);
        }
        let known = lexicon.longest_at(&text.chars[at..]);
        // Inside a word of letters no saying begins: `sfz` must not be cut up.
        let inside_letters =
            run.last().is_some_and(char::is_ascii_alphabetic) && text.chars[at].is_ascii_alphabetic();
        match known.filter(|_| !inside_letters).filter(|(len, _)| !cuts_letters(&text.chars, at + len)) {
            Some((len, saying)) => {
                end_run(&mut run, &mut query, lexicon);
                take(saying, 1.0, &mut query);
                at += len;
            }
            None => {
                run.push(text.chars[at]);
                at += 1;
            }
        }
    }
    end_run(&mut run, &mut query, lexicon);
    join_letters(&text, lexicon, &mut query);
    query
}

/// Whether a cut at `end` would stand between two letters.
fn cuts_letters(chars: &[char], end: usize) -> bool {
    let letter = |at: usize| chars.get(at).is_some_and(char::is_ascii_alphabetic);
    end > 0 && letter(end - 1) && letter(end)
}

/// Makes units of a run between sayings.
fn end_run(run: &mut Vec<char>, query: &mut Query, lexicon: &Lexicon) {
    let run = std::mem::take(run);
    if run.is_empty() {
        return;
    }
    if run.iter().any(char::is_ascii_alphabetic) {
        query.units.push(letters(run, lexicon));
    } else {
        query.units.push(Unit { ways: vec![Way::Run(run)], soft: false });
    }
}

/// Adds what a saying means.
fn take(saying: &Saying, factor: f32, query: &mut Query) {
    match &saying.meaning {
        Meaning::Nothing => {}
        Meaning::Elsewhere(place) => {
            query.elsewhere.get_or_insert_with(|| place.clone());
            query.units.push(Unit { ways: Vec::new(), soft: false });
        }
        Meaning::Words { ways, soft } => {
            query.units.push(Unit { ways: ways_of(&saying.text.chars, ways, factor), soft: *soft });
        }
    }
}

/// The official words of a saying, and the saying itself: titles use everyday words too.
fn ways_of(said: &[char], ways: &[Vec<Vec<char>>], factor: f32) -> Vec<Way> {
    // The first alternative counts fully, each later one a little less.
    let falling = std::iter::successors(Some(factor), |before| Some(before * 0.94));
    let mut all: Vec<Way> = ways.iter().zip(falling).map(|(way, by)| Way::Words(way.clone(), by)).collect();
    all.push(Way::Words(vec![said.to_vec()], factor * AS_SAID));
    all
}

/// The ways of a known word: those of its saying, or the word itself.
pub fn ways_of_word(word: &str, lexicon: &Lexicon, factor: f32) -> Vec<Way> {
    let chars = Text::of(word).chars;
    match lexicon.longest_at(&chars) {
        Some((len, Saying { meaning: Meaning::Words { ways, .. }, .. })) if len == chars.len() => {
            ways_of(&chars, ways, factor)
        }
        _ => vec![Way::Words(vec![chars], factor)],
    }
}

/// Typed letters: over titles, and over the sayings of the lexicon.
fn letters(typed: Vec<char>, lexicon: &Lexicon) -> Unit {
    let mut ways = Vec::new();
    let mut soft = false;
    if typed.len() >= FEWEST_LETTERS {
        for saying in &lexicon.sayings {
            let Meaning::Words { ways: words, soft: is_soft } = &saying.meaning else { continue };
            if saying.text.chars.len() < 2 {
                continue;
            }
            if let Some(quality) = align::whole(&typed, &saying.text) {
                ways.extend(ways_of(&saying.text.chars, words, quality * BY_LETTERS));
                soft |= *is_soft;
            }
        }
    }
    ways.push(Way::Letters(typed));
    Unit { ways, soft }
}

/// People put spaces between syllables: all letters together are tried as one word too.
fn join_letters(text: &Text, lexicon: &Lexicon, query: &mut Query) {
    let several = text.start.iter().filter(|start| **start).count() > 1;
    if !several || !text.chars.iter().all(char::is_ascii_alphabetic) {
        return;
    }
    let joined = letters(text.chars.clone(), lexicon);
    for unit in &mut query.units {
        unit.ways.extend(joined.ways.iter().cloned());
    }
}
