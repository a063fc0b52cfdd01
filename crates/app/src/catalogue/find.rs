//! Finding by what people type: the words themselves, whole pinyin, or initials; loose matching only as a last resort.

use pinyin::ToPinyin;

/// What people type at most; the rest is not looked at.
const LONGEST: usize = 60;
/// Loose matching needs at least this share (in percent) of the typed pairs of characters.
const LOOSE_PERCENT: usize = 40;

/// What people say, for words that names print in full.
const EVERYDAY: [(&str, &str); 4] =
    [("社会保障卡", "社保卡"), ("最低生活保障", "低保"), ("出生", "上户口"), ("住房公积金", "公积金")];

/// The searchable forms of one name.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    text: String,
    pinyin: String,
    initials: String,
}

impl Words {
    /// Prepares a name.
    pub(super) fn of(name: &str) -> Self {
        let mut text = fold(name);
        for (_, said) in EVERYDAY.iter().filter(|(printed, _)| name.contains(printed)) {
            text.push_str(said);
        }
        let mut words = Self { text: text.clone(), ..Self::default() };
        for (plain, sound) in text.chars().zip(text.as_str().to_pinyin()) {
            match sound {
                Some(sound) => {
                    words.pinyin.push_str(sound.plain());
                    words.initials.push_str(sound.first_letter());
                }
                None => {
                    words.pinyin.push(plain);
                    words.initials.push(plain);
                }
            }
        }
        words
    }

    /// How well one folded term fits: 0 not at all.
    fn score(&self, term: &str) -> usize {
        if self.text == term {
            1000
        } else if self.text.contains(term) {
            800
        } else if term.len() >= 2 && term.is_ascii() && self.initials.contains(term) {
            600
        } else if term.len() >= 3 && term.is_ascii() && self.pinyin.contains(term) {
            500
        } else {
            self.loose(term)
        }
    }

    /// The share of neighbouring pairs of characters of `term` that stand in the name, as 0–100, or 0 below the threshold.
    fn loose(&self, term: &str) -> usize {
        let chars: Vec<char> = term.chars().collect();
        if chars.len() < 3 || term.is_ascii() {
            return 0;
        }
        let hits =
            chars.windows(2).filter(|pair| self.text.contains(&pair.iter().collect::<String>())).count();
        let percent = hits * 100 / (chars.len() - 1);
        if percent >= LOOSE_PERCENT { percent } else { 0 }
    }
}

/// Lower case, letters and digits only: punctuation and brackets never decide whether something is found.
fn fold(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The entries of `pool` that fit all typed terms, best first, ties in the order of the pool.
pub(super) fn best<'a, T>(typed: &str, pool: impl Iterator<Item = (&'a T, &'a Words)>) -> Vec<&'a T> {
    let typed: String = typed.chars().take(LONGEST).collect();
    let terms: Vec<String> = typed.split_whitespace().map(fold).filter(|term| !term.is_empty()).collect();
    if terms.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(usize, &T)> = pool
        .filter_map(|(entry, words)| {
            let scores = terms.iter().map(|term| words.score(term));
            scores.min().filter(|score| *score > 0).map(|score| (score, entry))
        })
        .collect();
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found.into_iter().map(|(_, entry)| entry).collect()
}
