//! The proof of what stands beside cases: that each file and receiver an event names is there, that the row of each file is
//! what its id was made of, and that each form is the one that was handed in.

use domain::cases::{Applicant, Delivery, Happened};
use domain::kernel::FileId;
use jiff::Timestamp;
use serde::Deserialize;
use store::files::Digest;
use store::seal::Sealer;
use store::{Db, FromRow, Row, Tx, Work};
use uuid::Uuid;

use super::attachments::{id_of, named_files};
use super::record::word;
use super::{CaseRecord, FORM_FIELD, SealedAttachment, form_digest, sql};
use crate::proof::{Outcome, ROWS};

/// Whether the files and the receiver that an event names are there.
pub(super) async fn named_by(tx: &Tx, what: &Happened) -> store::Result<bool> {
    for file in named_files(what) {
        if tx.opt::<SealedAttachment>(sql::ATTACHMENT, &[file.uuid().into()]).await?.is_none() {
            return Ok(false);
        }
    }
    if let Happened::Delivered { how: Delivery::Window { receiver: Some(id), .. } } = what {
        return Ok(tx.opt::<(Vec<u8>,)>(sql::RECEIVER, &[id.uuid().into()]).await?.is_some());
    }
    Ok(true)
}

/// An application beside its case: case, applicant, firm, channel, when it was submitted, when it was entered, and when the
/// journal says that it was.
type Beside = (Uuid, Uuid, Option<Uuid>, String, Timestamp, Timestamp, Timestamp);

/// The first of these cases, whose ids follow `after`, whose application is gone or is another one.
pub(super) async fn first_without_application(
    tx: &Tx,
    after: Uuid,
    rows: &[&CaseRecord],
) -> store::Result<Option<Uuid>> {
    let Some(last) = rows.last() else { return Ok(None) };
    let found: Vec<Beside> =
        tx.all(sql::APPLICATIONS_BETWEEN, &[after.into(), last.id.uuid().into()]).await?;
    let mut found = found.iter().peekable();
    for row in rows {
        let own = found.next_if(|beside| beside.0 == row.id.uuid());
        let fits = match (own, &row.case.submission) {
            (
                Some((_, applicant, firm, channel, submitted_at, entered_at, journaled_at)),
                Some(submission),
            ) => {
                let own_firm = match submission.applicant {
                    Applicant::Firm { id, .. } => Some(id.uuid()),
                    Applicant::Person { .. } => None,
                };
                *applicant == submission.applicant.person().uuid()
                    && *firm == own_firm
                    && *channel == word(&submission.channel)?
                    && *submitted_at == row.submitted_at
                    && entered_at == journaled_at
            }
            _ => false,
        };
        if !fits {
            return Ok(Some(row.id.uuid()));
        }
    }
    Ok(None)
}

/// The row of a stored file, with the size under which its content is registered.
struct KeptFile {
    id: Uuid,
    salt: Option<Uuid>,
    digest: Digest,
    size: i64,
    content_type: String,
    added_at: Timestamp,
    registered: Option<i64>,
}

impl FromRow for KeptFile {
    fn from_row(r: &Row<'_>) -> store::Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            salt: r.get(1)?,
            digest: r.get(2)?,
            size: r.get(3)?,
            content_type: r.get(4)?,
            added_at: r.get(5)?,
            registered: r.get(6)?,
        })
    }
}

impl KeptFile {
    /// Whether the row is what its id was made of. An id from before that was drawn at random, and says so (RFC 9562).
    fn fits(&self) -> bool {
        let own = match self.salt {
            Some(salt) => {
                id_of(salt, &self.digest, self.size, &self.content_type, self.added_at) == FileId(self.id)
            }
            None => self.id.get_version_num() != 8,
        };
        own && self.registered == Some(self.size)
    }
}

struct FilesAfter(Uuid);

impl Work for FilesAfter {
    type Out = Vec<KeptFile>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        tx.all(sql::ATTACHMENTS_AFTER, &[self.0.into(), ROWS.into()]).await
    }
}

/// Compares the rows of all stored files with their ids, stopping at the first that does not fit.
///
/// # Errors
/// When the data cannot be read.
pub async fn prove_files(db: &Db) -> store::Result<Outcome> {
    let (mut rows, mut after) = (0, Uuid::nil());
    loop {
        let page = db.read(FilesAfter(after)).await?;
        if let Some(wrong) = page.iter().find(|file| !file.fits()) {
            return Ok(Outcome { rows, unproven: Some(wrong.id) });
        }
        rows += page.len() as u64;
        match page.last() {
            Some(last) => after = last.id,
            None => return Ok(Outcome { rows, unproven: None }),
        }
    }
}

struct FormsAfter(Uuid);

impl Work for FormsAfter {
    /// Case, sealed form, the event of the submission.
    type Out = Vec<(Uuid, Vec<u8>, String)>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        tx.all(sql::FORMS_AFTER, &[self.0.into(), ROWS.into()]).await
    }
}

/// What the event of a submission says of the form; the rest of it is proven with the row of its case.
#[derive(Deserialize)]
struct Said {
    form_digest: Option<String>,
}

impl Said {
    fn fits(&self, sealer: &Sealer, form: &str) -> bool {
        self.form_digest.as_ref().is_none_or(|said| *said == form_digest(sealer, form))
    }
}

/// Opens the forms of all cases and compares them with what the journal says was handed in, stopping at the first that was altered or is another
/// one.
///
/// # Errors
/// When the data cannot be read, or an event cannot be understood.
pub async fn prove_forms(db: &Db, sealer: &Sealer) -> store::Result<Outcome> {
    let (mut rows, mut after) = (0, Uuid::nil());
    loop {
        let page = db.read(FormsAfter(after)).await?;
        for (case, form, event) in &page {
            let said: Said = serde_json::from_str(event)
                .map_err(|e| store::Error::Corrupt(format!("the submission of case {case}: {e}")))?;
            let fits = sealer.open(FORM_FIELD, form).is_ok_and(|form| said.fits(sealer, &form));
            if !fits {
                return Ok(Outcome { rows, unproven: Some(*case) });
            }
            rows += 1;
        }
        match page.last() {
            Some(last) => after = last.0,
            None => return Ok(Outcome { rows, unproven: None }),
        }
    }
}
