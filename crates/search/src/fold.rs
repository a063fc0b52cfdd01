//! Texts as they are compared: lower case, half width, letters and digits only, each with its place in the original.

use crate::sound::{Readings, blurred, readings};

/// A folded text.
#[derive(Debug, Clone, Default)]
pub struct Text {
    /// The characters that count.
    pub chars: Vec<char>,
    /// Where each stood in the original, counted in characters.
    pub at: Vec<usize>,
    /// Whether a word begins here: the first character, and each one after a mark that was dropped.
    pub start: Vec<bool>,
    /// How each can be read aloud.
    pub readings: Vec<Readings>,
    /// How each sounds to somebody who keeps few sounds apart; empty for what is no Chinese character.
    pub heard: Vec<String>,
}

impl Text {
    /// Folds a text.
    pub fn of(original: &str) -> Self {
        let plain: Vec<char> = original.chars().map(half_width).collect();
        let mut text = Self::default();
        let mut start = true;
        for (place, &c) in plain.iter().enumerate() {
            if !c.is_alphanumeric() {
                start = true;
                continue;
            }
            let next = plain.get(place + 1).copied();
            for lower in numeral(c, next).to_lowercase() {
                text.chars.push(lower);
                text.at.push(place);
                text.start.push(start);
                let read = readings(lower);
                text.heard.push(read.first().map(|usual| blurred(usual)).unwrap_or_default());
                text.readings.push(read);
                start = false;
            }
        }
        text
    }

    /// Where `part` begins in the text, if it stands in it.
    pub fn find(&self, part: &[char]) -> Option<usize> {
        find(&self.chars, part)
    }
}

/// Where `part` begins in `whole`; an empty part stands nowhere.
pub fn find(whole: &[char], part: &[char]) -> Option<usize> {
    if part.is_empty() {
        return None;
    }
    whole.windows(part.len()).position(|window| window == part)
}

/// Full-width letters, digits and signs as half-width ones.
fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c),
        other => other,
    }
}

/// People write 五年 and 5年, lists write one of them: both become the digit.
fn numeral(c: char, next: Option<char>) -> char {
    if !matches!(next, Some('年' | '岁' | '级')) {
        return c;
    }
    match c {
        '一' => '1',
        '二' | '两' => '2',
        '三' => '3',
        '四' => '4',
        '五' => '5',
        '六' => '6',
        '七' => '7',
        '八' => '8',
        '九' => '9',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_width_and_case_do_not_count_but_places_are_kept() {
        let text = Text::of("《ＡＢ》（居住证）");
        assert_eq!(text.chars, ['a', 'b', '居', '住', '证']);
        assert_eq!(text.at, [1, 2, 5, 6, 7]);
        assert_eq!(text.start, [true, false, true, false, false]);
    }

    #[test]
    fn years_in_words_are_years_in_digits() {
        assert_eq!(Text::of("满五年").chars, Text::of("满5年").chars);
        assert_eq!(Text::of("一次性").chars[0], '一', "only years and ages");
    }

    #[test]
    fn an_empty_part_stands_nowhere() {
        assert_eq!(Text::of("社保卡").find(&[]), None);
        assert_eq!(find(&['a'], &['a', 'b']), None);
    }
}
