//! Legal papers (文书) as PDF: data in, bytes out.
//!
//! Each paper is a data struct in [`Paper`] and a template in `templates/`. The typesetter's world is closed: a template sees
//! its own text, `base.typ`, two fonts and one JSON string. Data are strings and are never evaluated as markup.
//!
//! Papers follow the set that a one-window hall issues (接收回执 to 送达回执); their legal grounds are 行政许可法
//! art. 32 (acceptance), 38 (decision), 42 (limits), 44 (delivery) and 45 (time outside the limit).

mod paper;
mod samples;
#[cfg(test)]
mod tests;
mod typesetter;

pub use paper::{
    Acceptance, Correction, Deferral, Delivery, Denial, Extension, Fee, FeeLine, Grant, Handed, Head, Lack,
    NotAccepted, NotRequired, Paper, Receipt, Remedies, SpecialProcedure, Transfer,
};
pub use samples::samples;
pub use typesetter::{PaperError, Typesetter};
