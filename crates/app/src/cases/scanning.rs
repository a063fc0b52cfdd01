//! Uploads are looked at by the scanner before they are kept; one that is infected is refused, counted and journaled.

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::json;
use store::files::Digest;
use store::journal::{self, NewEvent, Stamp, Stream};
use store::scan::Verdict;
use store::{Tx, Work};
use uuid::Uuid;

use super::FileError;
use crate::Ctx;

/// The stream of one refused upload.
const STREAM: &str = "upload";
/// What happened to it.
const REFUSED: &str = "infected_file_refused";
/// There is no request at hand where files are kept.
const TRACE: &str = "scan";

/// What the journal keeps of it: nothing of the content, and not its name, which may be a person's.
struct Refused {
    id: Uuid,
    from: String,
    body_json: String,
    now: Timestamp,
}

impl Work for Refused {
    type Out = i64;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<i64> {
        let stamp =
            Stamp { actor: self.from.clone(), org: None, trace: TRACE.to_owned(), entered_at: self.now };
        let event = NewEvent {
            kind: REFUSED.to_owned(),
            body_json: self.body_json.clone(),
            happened_at: self.now,
            ground: None,
        };
        journal::append(tx, Stream { kind: STREAM, id: self.id }, 0, &stamp, &[event]).await
    }
}

/// Lets the scanner look, when there is one. `from` is who sent the file, as the journal names actors.
///
/// # Errors
/// [`FileError::Infected`], and [`FileError::Store`] when the scanner does not answer: it is never passed over.
pub(super) async fn look(ctx: &Ctx, from: &str, bytes: &Bytes) -> Result<(), FileError> {
    let Verdict::Infected(signature) = ctx.files.scan(bytes).await? else { return Ok(()) };
    ctx.ops.infected();
    tracing::warn!(signature, "an infected upload was refused");
    let body =
        json!({ "digest": Digest::of(bytes).to_string(), "size": bytes.len(), "signature": signature });
    let refused =
        Refused { id: ctx.new_uuid(), from: from.to_owned(), body_json: body.to_string(), now: ctx.now() };
    ctx.db.write(refused).await?;
    Err(FileError::Infected)
}
