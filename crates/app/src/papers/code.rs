//! The verification code 核验码 on a paper: 80 random bits in sixteen characters that nobody mistakes for others.

use std::fmt;

use crate::Ctx;

/// Digits and letters without I, L, O and U (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code. At a thousand guesses a second over ten million papers, one hit takes some four million years.
const LENGTH: usize = 16;

/// A verification code, ungrouped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// A new one.
    #[must_use]
    pub fn new(ctx: &Ctx) -> Self {
        let mut random = [0; LENGTH];
        ctx.entropy.fill(&mut random);
        Self(random.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect())
    }

    /// Reads what a person typed or a QR code holds: case, width, blanks and hyphens don't matter, O is read as 0, I and L
    /// as 1. `None` when it can be no code.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let read = |c: char| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            c => c,
        };
        let kept = text.chars().map(read).filter(|c| !c.is_whitespace() && !matches!(c, '-' | '—' | '－'));
        let code: String = kept
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                c => c,
            })
            .take(LENGTH + 1)
            .collect();
        let known = |c: char| u8::try_from(c).is_ok_and(|byte| ALPHABET.contains(&byte));
        (code.len() == LENGTH && code.chars().all(known)).then_some(Self(code))
    }

    /// As stored and as in addresses.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Code {
    /// `K7M2-9QXT-4HPA-W8RD`: to read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups: Vec<&str> = (0..LENGTH / 4).filter_map(|n| self.0.get(n * 4..n * 4 + 4)).collect();
        f.write_str(&groups.join("-"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it_and_nothing_else_is_taken() {
        let code = Code::parse("K7M2-9QXT-4HPA-W8RD").expect("a code");
        assert_eq!(code.as_str(), "K7M29QXT4HPAW8RD");
        assert_eq!(code.to_string(), "K7M2-9QXT-4HPA-W8RD");
        assert_eq!(Code::parse(" k7m2 9qxt 4hpa ｗ８ｒｄ "), Some(code));
        assert_eq!(Code::parse("OIL0000000000000"), Code::parse("0110000000000000"));
        for bad in [
            "",
            "K7M2",
            "K7M2-9QXT-4HPA-W8RDX",
            "K7M2-9QXT-4HPA-W8R?",
            "K7M2-9QXT-4HPA-W8RU",
            "核验码核验码核验",
        ] {
            assert_eq!(Code::parse(bad), None, "{bad}");
        }
    }
}
