//! Text as people write it, made so that a page can show it: nothing is lost silently and nothing runs over the edge.

use serde_json::Value;

/// A run of that many characters without a place to break gets some.
const LONGEST_RUN: usize = 18;
/// After how many characters of such a run a line may break.
const BREAK_AFTER: usize = 6;

/// All texts of a paper made legible. `has` says whether the font has a character.
pub fn every_text(value: &mut Value, has: &dyn Fn(char) -> bool) {
    match value {
        Value::String(text) => *text = legible(text, has),
        Value::Array(list) => list.iter_mut().for_each(|value| every_text(value, has)),
        Value::Object(fields) => fields.values_mut().for_each(|value| every_text(value, has)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A character that the font lacks becomes its code point ［U+2CE18］, so that a rare name stays certain; characters that
/// are invisible or turn the direction of writing go, since a paper must say what it shows; long runs may break.
fn legible(text: &str, has: &dyn Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars() {
        match c {
            '\t' => end_run(&mut out, &mut run, " "),
            c if is_hidden(c) && c != '\n' => {}
            c if may_break_at(c) && (c.is_whitespace() || has(c)) => {
                end_run(&mut out, &mut run, c.encode_utf8(&mut [0; 4]));
            }
            c if is_selector(c) || has(c) => run.push(c),
            c => end_run(&mut out, &mut run, &format!("［U+{:04X}］", u32::from(c))),
        }
    }
    end_run(&mut out, &mut run, "");
    out
}

/// Writes the run of characters between which no line breaks, then what comes after it.
fn end_run(out: &mut String, run: &mut String, then: &str) {
    let long = run.chars().count() > LONGEST_RUN;
    for (n, c) in run.chars().enumerate() {
        if long && n > 0 && n % BREAK_AFTER == 0 && !is_selector(c) {
            out.push('\u{200b}');
        }
        out.push(c);
    }
    run.clear();
    out.push_str(then);
}

/// Chooses the form of the ideograph before it (IVS); ignored where the font does not know it.
fn is_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Controls, zero-width characters and changes of direction.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// A line may break beside a space or an ideograph.
fn may_break_at(c: char) -> bool {
    c.is_whitespace() || matches!(u32::from(c), 0x2E80..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        legible(text, &|c| c != '𠀋' && c != '\u{e863}')
    }

    #[test]
    fn a_character_the_font_lacks_is_told_by_its_code() {
        assert_eq!(plain("王𠀋"), "王［U+2000B］");
        assert_eq!(plain("\u{e863}"), "［U+E863］");
    }

    #[test]
    fn what_cannot_be_seen_is_not_printed() {
        assert_eq!(plain("张\u{202e}三\u{0}\u{200d}\r\n四"), "张三\n四");
        assert_eq!(plain("葛\u{e0100}"), "葛\u{e0100}", "the chosen form of a character stays");
    }

    #[test]
    fn only_a_run_longer_than_a_credit_code_may_break_inside() {
        assert_eq!(plain("91320402MA1N002100"), "91320402MA1N002100");
        assert_eq!(plain(&"a".repeat(40)).matches('\u{200b}').count(), 6);
        assert!(!plain(&"字".repeat(40)).contains('\u{200b}'));
    }
}
