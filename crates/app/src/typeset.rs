//! How a paper 文书 becomes a PDF: the application says what it contains, the program's typesetter makes the bytes.

use ::papers::Paper;
use futures_util::future::BoxFuture;

/// Why a paper could not be set; the text is for the log and holds nothing of the paper.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TypesetError(pub String);

/// Sets papers. Setting keeps a processor busy, so it happens on a thread of its own; the real one lives in the server,
/// because its library is a third of the whole build.
pub trait Typeset: Send + Sync {
    /// The bytes of the PDF; the same paper gives the same bytes.
    fn pdf(&self, paper: Paper) -> BoxFuture<'static, Result<Vec<u8>, TypesetError>>;
}
