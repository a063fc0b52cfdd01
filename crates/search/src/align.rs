//! Laying typed letters over characters: whole syllables, first letters, and characters among them (`shebaoka`, `sbk`,
//! `社bao卡`, and `sheba` while still typing).

use crate::fold::Text;

/// How good a whole syllable, the beginning of the last syllable and a first letter are.
const WHOLE: f32 = 1.0;
const BEGUN: f32 = 0.8;
const INITIAL: f32 = 0.7;
/// First letters in the middle of a word are often chance.
const INSIDE: f32 = 0.85;

/// Where typed letters fit, and how well.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// First character.
    pub start: usize,
    /// Number of characters.
    pub len: usize,
    /// 0–1.
    pub quality: f32,
}

/// The best place for `typed` in `text`.
pub fn best(typed: &[char], text: &Text) -> Option<Fit> {
    let fits = (0..text.chars.len()).filter_map(|start| {
        let (len, quality) = at(typed, text, start)?;
        let quality = if text.start[start] || quality > BEGUN { quality } else { quality * INSIDE };
        Some(Fit { start, len, quality })
    });
    fits.fold(None, |best: Option<Fit>, fit| match best {
        Some(known) if known.quality >= fit.quality => Some(known),
        _ => Some(fit),
    })
}

/// How well `typed` fits the whole of `text`.
pub fn whole(typed: &[char], text: &Text) -> Option<f32> {
    if text.chars.is_empty() || text.chars.len() > typed.len() {
        return None;
    }
    at(typed, text, 0).filter(|(len, _)| *len == text.chars.len()).map(|(_, quality)| quality)
}

/// Lays `typed` over the characters from `start` on; returns how many it took and how well it fits.
fn at(typed: &[char], text: &Text, start: usize) -> Option<(usize, f32)> {
    if typed.is_empty() || !begins(typed[0], text, start) {
        return None;
    }
    // best[i]: the best sum of qualities after which i letters are used up.
    let mut best: Vec<Option<f32>> = vec![None; typed.len() + 1];
    best[0] = Some(0.0);
    for (taken, place) in (start..text.chars.len()).enumerate() {
        let mut next: Vec<Option<f32>> = vec![None; typed.len() + 1];
        for (used, sum) in best.iter().enumerate() {
            let Some(sum) = sum else { continue };
            for (letters, quality) in steps(&typed[used..], text, place) {
                let better = sum + quality;
                let slot = &mut next[used + letters];
                if slot.is_none_or(|known| known < better) {
                    *slot = Some(better);
                }
            }
        }
        if let Some(sum) = next[typed.len()] {
            let len = taken + 1;
            #[expect(clippy::cast_precision_loss, reason = "a few dozen characters")]
            return Some((len, sum / len as f32));
        }
        if next.iter().all(Option::is_none) {
            return None;
        }
        best = next;
    }
    None
}

/// Whether a typed letter can begin the character at this place; most places are ruled out by it.
fn begins(letter: char, text: &Text, place: usize) -> bool {
    let reads = |reading: &&str| reading.chars().next().is_some_and(|first| alike(first, letter));
    text.chars.get(place) == Some(&letter) || text.readings[place].iter().any(reads)
}

/// The ways in which the next typed letters can stand for one character: how many letters, how good.
fn steps(rest: &[char], text: &Text, place: usize) -> Vec<(usize, f32)> {
    let mut ways = Vec::new();
    let Some(first) = rest.first() else { return ways };
    if *first == text.chars[place] {
        ways.push((1, WHOLE));
    }
    for reading in &text.readings[place] {
        let same = reading.chars().zip(rest).take_while(|(a, b)| alike(*a, **b)).count();
        let all = reading.chars().count();
        if same == all {
            ways.push((all, WHOLE));
        } else if same == rest.len() && same > 1 {
            ways.push((same, BEGUN));
        }
        if same >= 1 {
            ways.push((1, INITIAL));
        }
        if same >= 2 && ["zh", "ch", "sh"].iter().any(|two| reading.starts_with(two)) {
            ways.push((2, INITIAL));
        }
    }
    ways
}

/// `ü` is typed v or u.
fn alike(read: char, typed: char) -> bool {
    read == typed || (read == 'ü' && (typed == 'v' || typed == 'u'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(typed: &str, title: &str) -> Option<(usize, usize)> {
        best(&typed.chars().collect::<Vec<_>>(), &Text::of(title)).map(|fit| (fit.start, fit.len))
    }

    #[test]
    fn pinyin_initials_and_mixtures_find_their_characters() {
        for typed in ["shebaoka", "sbk", "shbk", "社bao卡", "shebk", "sheba"] {
            assert_eq!(fit(typed, "补办社保卡").map(|(start, _)| start), Some(2), "{typed}");
        }
        assert_eq!(fit("sbx", "补办社保卡"), None);
        assert_eq!(fit("", "社保卡"), None);
    }

    #[test]
    fn a_whole_syllable_is_better_than_a_first_letter() {
        let quality =
            |typed: &str| best(&typed.chars().collect::<Vec<_>>(), &Text::of("护照")).unwrap().quality;
        assert!(quality("huzhao") > quality("hzhao") && quality("hzhao") > quality("hz"));
    }

    #[test]
    fn the_other_reading_of_a_character_counts_too() {
        assert_eq!(fit("huandai", "转账还贷"), Some((2, 2)));
        assert_eq!(fit("canbao", "参保登记"), Some((0, 2)));
        assert_eq!(fit("nver", "女儿"), Some((0, 2)));
    }
}
