//! Check characters: ISO 7064 and the two Chinese code standards. Arithmetic only; meaning lives with the values.

/// The 31 characters of GB 32100: no I, O, S, V, Z.
pub(super) const USCC_ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// The value of a character in an alphabet.
fn value(alphabet: &[u8], c: u8) -> Option<u32> {
    alphabet.iter().position(|a| *a == c).and_then(|p| u32::try_from(p).ok())
}

fn weighted(body: &[u8], alphabet: &[u8], weights: &[u32]) -> Option<u32> {
    body.iter().zip(weights).map(|(c, w)| Some(value(alphabet, *c)? * w)).sum()
}

/// ISO 7064 MOD 11-2 over 17 digits (GB 11643); `None` when one is no digit.
pub(super) fn mod_11_2(body: &str) -> Option<char> {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum = weighted(body.as_bytes(), b"0123456789", &WEIGHTS)?;
    "10X98765432".chars().nth((sum % 11) as usize)
}

/// GB 32100 MOD 31-3 over 17 characters.
pub(super) fn mod_31_3(body: &str) -> Option<char> {
    const WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    let sum = weighted(body.as_bytes(), USCC_ALPHABET, &WEIGHTS)?;
    // The second remainder: without it a sum divisible by 31 would ask for a 32nd character.
    USCC_ALPHABET.get(((31 - sum % 31) % 31) as usize).map(|c| char::from(*c))
}

/// GB 11714 over the 8 characters of an organisation code.
pub(super) fn gb_11714(body: &str) -> Option<char> {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let sum = weighted(body.as_bytes(), b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", &WEIGHTS)?;
    "0X987654321".chars().nth((sum % 11) as usize)
}

/// ISO 7064 MOD 11,10 over digits: finds every single wrong digit and nearly every swap of neighbours.
pub(super) fn mod_11_10(body: &str) -> Option<char> {
    let mut p = 10;
    for c in body.chars() {
        let sum = (p + c.to_digit(10)?) % 10;
        p = if sum == 0 { 10 } else { sum } * 2 % 11;
    }
    char::from_digit((11 - p) % 10, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_examples_hold() {
        assert_eq!(mod_11_2("11010519491231002"), Some('X'));
        assert_eq!(mod_31_3("91350100M000100Y4"), Some('3'));
        assert_eq!(mod_31_3("91320402MA1N00210"), Some('0'));
        for (body, check) in [("M000100Y", '4'), ("10162374", '1'), ("01410931", '4'), ("19672024", '4')] {
            assert_eq!(gb_11714(body), Some(check));
        }
        // ISO 7064, example of MOD 11,10.
        assert_eq!(mod_11_10("0794"), Some('5'));
        assert_eq!(mod_11_10("07a4"), None);
    }
}
