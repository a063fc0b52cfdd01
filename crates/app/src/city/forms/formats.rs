//! The formats a schema may name beside those of the standard: values that the law gives a shape, parsed where they are
//! defined.

use domain::kernel::identity::{
    ForeignPermanentResident, HkMoTwPermit, IdNumber, Passport, PersonName, Phone, Uscc,
};

/// Their names.
pub(super) const NAMES: [&str; 7] = [
    "cn-id-number",
    "hkmotw-permit",
    "foreign-permanent-resident",
    "passport",
    "uscc",
    "phone",
    "person-name",
];

/// Why a text does not have a format, as the value itself says it; nothing when it has, or the format is none of these.
#[must_use]
pub fn why_not(format: &str, text: &str) -> Option<String> {
    fn why<T, E: ToString>(parsed: Result<T, E>) -> Option<String> {
        parsed.err().map(|e| e.to_string())
    }
    match format {
        "cn-id-number" => why(IdNumber::parse(text)),
        "hkmotw-permit" => why(HkMoTwPermit::parse(text)),
        "foreign-permanent-resident" => why(ForeignPermanentResident::parse(text)),
        "passport" => why(Passport::parse(text)),
        "uscc" => why(Uscc::parse(text)),
        "phone" => why(Phone::parse(text)),
        "person-name" => why(PersonName::parse(text)),
        _ => None,
    }
}
