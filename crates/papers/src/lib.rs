//! Legal papers (文书) as PDF: data in, bytes out.
//!
//! Each paper is a data struct in [`Paper`] and a template in `templates/`. The typesetter's world is closed: a template sees
//! its own text, `base.typ`, two fonts and one JSON string. Data are strings and are never evaluated as markup.
//!
//! Typst is a third of the whole build, so it stands behind the feature `typeset`: who only says what a paper contains takes
//! this crate without it.
//!
//! Papers follow the set that a one-window hall issues (接收回执 to 送达回证); the legal grounds of licences are 行政许可法
//! art. 32 (acceptance), 38 (decision), 42 (limits), 44 (delivery) and 45 (time outside the limit). A matter that is no licence
//! gets a wording without these articles.

mod kind;
#[cfg(feature = "typeset")]
mod legible;
mod paper;
mod samples;
#[cfg(feature = "typeset")]
#[cfg(test)]
mod tests;
#[cfg(feature = "typeset")]
mod typesetter;
mod words;

pub use kind::Kind;
pub use paper::{
    Acceptance, Correction, Deferral, Delivery, Denial, Extension, Fee, FeeLine, Grant, Handed, Head, Lack,
    NotAccepted, NotRequired, Paper, Receipt, SpecialProcedure, Termination, Transfer, Way,
};
pub use samples::samples;
#[cfg(feature = "typeset")]
pub use typesetter::{PaperError, Typesetter};
pub use words::{Matter, Remedies};
