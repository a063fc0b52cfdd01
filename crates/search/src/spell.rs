//! What somebody may have meant: the known word with the fewest slips of finger, ear or eye.

use crate::fold::Text;
use crate::measure::likeness;
use crate::sound::neighbours;

/// Slips allowed per typed character of Chinese.
const PER_CHARACTER: f32 = 0.34;

/// A word that can be meant.
#[derive(Debug, Clone)]
pub struct Known {
    /// As it is shown.
    pub word: String,
    text: Text,
    letters: Vec<char>,
}

impl Known {
    /// A known word.
    pub fn of(word: &str) -> Self {
        let text = Text::of(word);
        let letters = text
            .chars
            .iter()
            .zip(&text.readings)
            .flat_map(|(c, readings)| {
                readings.first().map_or_else(|| vec![*c], |reading| reading.chars().collect())
            })
            .collect();
        Self { word: word.to_owned(), text, letters }
    }

    /// Number of characters.
    pub fn len(&self) -> usize {
        self.text.chars.len()
    }
}

/// How many slips lie between what was typed and a known word, up to a limit.
type Distance = fn(&Text, &Known, f32) -> f32;

/// The known word nearest to what was typed, unless it is too far away or exactly this.
pub fn nearest<'a>(typed: &str, known: &'a [Known]) -> Option<&'a str> {
    let typed = Text::of(typed);
    let by_letters = typed.chars.iter().all(char::is_ascii_alphabetic);
    let (limit, distance): (f32, Distance) = if by_letters {
        (slips_of_letters(typed.chars.len())?, by_finger)
    } else if typed.chars.len() >= 2 {
        (slips_of_characters(typed.chars.len()), by_eye_and_ear)
    } else {
        return None;
    };
    let mut best: Option<(f32, &Known)> = None;
    for word in known {
        let far = distance(&typed, word, limit);
        if far <= limit && best.is_none_or(|(known, _)| far < known) {
            best = Some((far, word));
        }
    }
    best.filter(|(far, word)| *far > 0.0 && word.text.chars != typed.chars)
        .map(|(_, word)| word.word.as_str())
}

#[expect(clippy::cast_precision_loss, reason = "a query has sixty characters at most")]
fn slips_of_characters(len: usize) -> f32 {
    (len as f32 * PER_CHARACTER).min(2.0)
}

/// Fewer than four letters can be anything.
fn slips_of_letters(len: usize) -> Option<f32> {
    match len {
        0..=3 => None,
        4..=6 => Some(1.0),
        7..=10 => Some(1.5),
        _ => Some(2.0),
    }
}

fn by_finger(typed: &Text, word: &Known, limit: f32) -> f32 {
    distance(typed.chars.len(), word.letters.len(), limit, |a, b| {
        let (one, two) = (typed.chars[a], word.letters[b]);
        if one == two {
            0.0
        } else if neighbours(one, two) {
            0.6
        } else {
            1.0
        }
    })
}

fn by_eye_and_ear(typed: &Text, word: &Known, limit: f32) -> f32 {
    distance(typed.chars.len(), word.text.chars.len(), limit, |a, b| {
        if typed.chars[a] == word.text.chars[b] {
            return 0.0;
        }
        1.0 - likeness(typed, a, &word.text, b) * 0.6
    })
}

/// Edit distance with a cost for each replacement; anything above `limit` may be returned as infinity.
fn distance(a: usize, b: usize, limit: f32, replace: impl Fn(usize, usize) -> f32) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "words are short")]
    let number = |n: usize| n as f32;
    if number(a.abs_diff(b)) > limit {
        return f32::INFINITY;
    }
    let mut row: Vec<f32> = (0..=b).map(number).collect();
    for i in 0..a {
        let mut before = row[0];
        row[0] = number(i + 1);
        for j in 0..b {
            let replaced = before + replace(i, j);
            before = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1.0).min(row[j + 1] + 1.0);
        }
        if row.iter().all(|cost| *cost > limit) {
            return f32::INFINITY;
        }
    }
    row[b]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant<'a>(typed: &str, words: &'a [Known]) -> Option<&'a str> {
        nearest(typed, words)
    }

    #[test]
    fn slips_of_finger_ear_and_eye_lead_to_the_word() {
        let words: Vec<Known> = ["社保卡", "居住证", "失业登记", "最低生活保障"].map(Known::of).into();
        for (typed, wanted) in [
            ("shebaika", "社保卡"),
            ("shebaka", "社保卡"),
            ("juzhuzhen", "居住证"),
            ("失业登计", "失业登记"),
            ("失业等级", "失业登记"),
            ("居住正", "居住证"),
            ("最底生活保章", "最低生活保障"),
        ] {
            assert_eq!(meant(typed, &words), Some(wanted), "{typed}");
        }
    }

    #[test]
    fn what_is_far_away_or_right_already_is_left_alone() {
        let words: Vec<Known> = ["社保卡", "居住证"].map(Known::of).into();
        for typed in ["社保卡", "驾驶证", "sbk", "x", "", "abcdefgh"] {
            assert_eq!(meant(typed, &words), None, "{typed}");
        }
    }
}
