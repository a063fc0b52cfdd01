//! The document by which a person is known: one kind for firms, four for people.

use crate::kernel::identity::{
    ForeignPermanentResident, HkMoTwPermit, IdNumber, Passport, Uscc, UsccCheck, UsccDoubt,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The kind of a document 证件类型.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// 居民身份证.
    #[default]
    IdCard,
    /// 港澳台居民居住证.
    HkMoTwPermit,
    /// 外国人永久居留身份证.
    ForeignPermanent,
    /// 护照.
    Passport,
    /// 统一社会信用代码, of firms and other organisations.
    Uscc,
}

impl DocumentKind {
    /// The kinds that a natural person may have.
    pub const NATURAL: [Self; 4] = [Self::IdCard, Self::HkMoTwPermit, Self::ForeignPermanent, Self::Passport];

    /// The word people use.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::IdCard => "居民身份证",
            Self::HkMoTwPermit => "港澳台居民居住证",
            Self::ForeignPermanent => "外国人永久居留身份证",
            Self::Passport => "护照",
            Self::Uscc => "统一社会信用代码",
        }
    }

    /// The word in forms and rows: `id_card`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::IdCard => "id_card",
            Self::HkMoTwPermit => "hk_mo_tw_permit",
            Self::ForeignPermanent => "foreign_permanent",
            Self::Passport => "passport",
            Self::Uscc => "uscc",
        }
    }

    /// The kind with that word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::NATURAL.into_iter().chain([Self::Uscc]).find(|kind| kind.word() == word)
    }
}

/// A document with its number, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    /// 居民身份证.
    IdCard(IdNumber),
    /// 港澳台居民居住证.
    HkMoTwPermit(HkMoTwPermit),
    /// 外国人永久居留身份证.
    ForeignPermanent(ForeignPermanentResident),
    /// 护照.
    Passport(Passport),
    /// 统一社会信用代码.
    Uscc(Uscc),
}

/// Why a number is not one of the document chosen, with what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentError {
    /// The sentence for the person.
    pub say: String,
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say)
    }
}

impl std::error::Error for DocumentError {}

fn said(why: impl fmt::Display) -> DocumentError {
    DocumentError { say: why.to_string() }
}

impl Document {
    /// Parses a number as the kind says; nobody is born after `today`. A credit code must fit its arithmetic too: one
    /// that was issued wrong is taken by [`Document::parse_as_issued`], where a clerk has the certificate in hand.
    ///
    /// # Errors
    /// The sentence that says what to correct.
    pub fn parse(kind: DocumentKind, text: &str, today: Date) -> Result<Self, DocumentError> {
        match Self::parse_as_issued(kind, text, today)? {
            (document, None) => Ok(document),
            (_, Some(doubt)) => Err(said(doubt)),
        }
    }

    /// Parses a number as it stands on the document itself; a credit code of the right form whose arithmetic does not fit
    /// comes with what is doubtful about it, and counts only with the reason of whoever saw the certificate.
    ///
    /// # Errors
    /// The sentence that says what to correct.
    pub fn parse_as_issued(
        kind: DocumentKind,
        text: &str,
        today: Date,
    ) -> Result<(Self, Option<UsccDoubt>), DocumentError> {
        let sure = |document: Self| (document, None);
        match kind {
            DocumentKind::IdCard => IdNumber::parse_on(text, today).map(Self::IdCard).map_err(said).map(sure),
            DocumentKind::HkMoTwPermit => {
                HkMoTwPermit::parse(text).map(Self::HkMoTwPermit).map_err(said).map(sure)
            }
            DocumentKind::ForeignPermanent => {
                ForeignPermanentResident::parse(text).map(Self::ForeignPermanent).map_err(said).map(sure)
            }
            DocumentKind::Passport => Passport::parse(text).map(Self::Passport).map_err(said).map(sure),
            DocumentKind::Uscc => {
                let code = Uscc::parse(text).map_err(said)?;
                let doubt = match code.check() {
                    UsccCheck::Valid => None,
                    UsccCheck::IssuedButWrong(doubt) => Some(doubt),
                };
                Ok((Self::Uscc(code), doubt))
            }
        }
    }

    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> DocumentKind {
        match self {
            Self::IdCard(_) => DocumentKind::IdCard,
            Self::HkMoTwPermit(_) => DocumentKind::HkMoTwPermit,
            Self::ForeignPermanent(_) => DocumentKind::ForeignPermanent,
            Self::Passport(_) => DocumentKind::Passport,
            Self::Uscc(_) => DocumentKind::Uscc,
        }
    }

    /// The whole number. Showing it to a person is a logged action.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::IdCard(number) => number.as_str(),
            Self::HkMoTwPermit(number) => number.as_str(),
            Self::ForeignPermanent(number) => number.as_str(),
            Self::Passport(number) => number.as_str(),
            Self::Uscc(code) => code.as_str(),
        }
    }

    /// The number as it is shown: `3204 **** **** 1234`.
    #[must_use]
    pub fn masked(&self) -> String {
        match self {
            Self::IdCard(number) => number.masked(),
            Self::HkMoTwPermit(number) => number.masked(),
            Self::ForeignPermanent(number) => number.masked(),
            Self::Passport(number) => number.masked(),
            Self::Uscc(code) => code.masked(),
        }
    }
}
