//! How characters are read aloud, and which readings sound alike around here.

use pinyin::{ToPinyin, ToPinyinMulti};

/// All readings of a character without tones, the usual one first; none for what is no Chinese character.
pub type Readings = Vec<&'static str>;

/// The readings of a character.
pub fn readings(c: char) -> Readings {
    let mut all: Readings = Vec::new();
    if let Some(usual) = c.to_pinyin() {
        all.push(usual.plain());
    }
    for other in c.to_pinyin_multi().into_iter().flatten() {
        if !all.contains(&other.plain()) {
            all.push(other.plain());
        }
    }
    all
}

/// A reading as somebody hears it who keeps zh and z, n and l, ing and in apart no better than most people along the
/// Yangtze do.
pub fn blurred(reading: &str) -> String {
    let mut out = reading.replace('ü', "u");
    for (flat, heard) in [("zh", "z"), ("ch", "c"), ("sh", "s")] {
        if let Some(rest) = out.strip_prefix(flat) {
            out = format!("{heard}{rest}");
        }
    }
    if let Some(rest) = out.strip_prefix('l') {
        out = format!("n{rest}");
    }
    if let Some(rest) = out.strip_suffix('g') {
        out = rest.to_owned();
    }
    out
}

/// Letters beside one another on a keyboard, by rows and columns.
const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// Whether a finger may slip from one letter to the other.
pub fn neighbours(a: char, b: char) -> bool {
    let place = |c: char| ROWS.iter().enumerate().find_map(|(row, letters)| Some((row, letters.find(c)?)));
    match (place(a), place(b)) {
        (Some((row_a, col_a)), Some((row_b, col_b))) => {
            row_a.abs_diff(row_b) <= 1 && col_a.abs_diff(col_b) <= 1 && (row_a, col_a) != (row_b, col_b)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_with_two_readings_has_both() {
        let all = readings('重');
        assert!(all.contains(&"zhong") && all.contains(&"chong"), "{all:?}");
        assert!(readings('a').is_empty() && readings('1').is_empty());
    }

    #[test]
    fn what_is_hard_to_keep_apart_is_heard_the_same() {
        for (one, two) in [("zheng", "zen"), ("shi", "si"), ("ling", "nin"), ("lü", "nu")] {
            assert_eq!(blurred(one), blurred(two));
        }
        assert_ne!(blurred("zheng"), blurred("ka"));
    }

    #[test]
    fn fingers_slip_to_the_keys_around() {
        assert!(
            neighbours('o', 'i') && neighbours('s', 'w') && !neighbours('s', 'l') && !neighbours('a', 'a')
        );
    }
}
