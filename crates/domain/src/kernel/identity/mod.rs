//! Identity values: parsed once where they enter, normalised, and masked by default.
//!
//! None of them prints itself in full: `Debug` shows the mask, so a log line cannot leak a number. The full text is
//! asked for by name (`as_str`), which is easy to find and to audit.

mod id_number;
mod papers;
mod person_name;
mod phone;
#[cfg(test)]
mod tests;
mod uscc;

pub use id_number::{IdNumber, IdNumberError, Sex};
pub use papers::{ForeignPermanentResident, HkMoTwPermit, PaperError, Passport};
pub use person_name::{NameError, PersonName};
pub use phone::{Phone, PhoneError};
pub use uscc::{Uscc, UsccCheck, UsccDoubt, UsccError};

/// What people and keyboards add to a number, taken away: full-width forms become ASCII, letters upper case, spaces and
/// invisible marks go.
pub(super) fn fold(text: &str) -> String {
    text.chars()
        .filter(|c| {
            !c.is_whitespace() && !matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{FEFF}')
        })
        .map(half_width)
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// The ASCII form of a full-width character; any other character unchanged.
fn half_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// `3204 **** **** 1234`: the first four and the last four characters; short texts keep less.
fn mask_number(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let keep = if chars.len() >= 15 { 4 } else { 2 };
    let head: String = chars.iter().take(keep).collect();
    let tail: String = chars.iter().skip(chars.len().saturating_sub(keep).max(keep)).collect();
    format!("{head} **** **** {tail}")
}

/// A value that is one normalised text: conversions, serde as text, and a `Debug` that shows the mask only.
macro_rules! text_value {
    ($name:ident, $error:ident) => {
        impl $name {
            /// The whole normalised text. Showing it to a person is a logged action.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.masked())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $error;
            fn from_str(text: &str) -> Result<Self, $error> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $error;
            fn try_from(text: String) -> Result<Self, $error> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    };
}
use text_value;

impl std::error::Error for IdNumberError {}
impl std::error::Error for PaperError {}
impl std::error::Error for NameError {}
impl std::error::Error for PhoneError {}
impl std::error::Error for UsccError {}
