//! Pages of materials and other files of cases: checked by content, kept once under their digest, read by whoever may see
//! the case.

use bytes::Bytes;
use domain::cases::Event;
use domain::kernel::{CaseId, FileId};
use jiff::Timestamp;
use store::files::{self, Digest};
use store::{FromRow, Row, Tx, Work};
use uuid::Uuid;

use super::{ActError, By, CaseRecord, sql};
use crate::Ctx;

/// The most bytes of one file.
pub const LARGEST: usize = 25 * 1024 * 1024;
/// The sealed column that holds the name a file was uploaded under.
pub const NAME_FIELD: &str = "attachment.name";

/// The contents that are taken, by what the bytes say they are.
const TAKEN: [&str; 5] = ["application/pdf", "image/jpeg", "image/png", "image/heif", "image/webp"];

/// Why a file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// No bytes.
    #[error("这个文件是空的，请重新选择")]
    Empty,
    /// Too many bytes.
    #[error("这个文件有 {0} MB，最大 25 MB，请压缩或分开上传")]
    TooLarge(usize),
    /// Something else than pictures and PDF, whatever its name says.
    #[error("只收照片（JPG、PNG、HEIC、WebP）和 PDF，这个文件不是，请换一个")]
    NotTaken,
    /// The scanner found something in it.
    #[error("这个文件里查出了病毒，没有收下。请不要再打开它；重新拍照或扫描，换一个文件再传")]
    Infected,
    /// The data could not be read or written.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// A stored file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Under which id cases and drafts name it.
    pub id: FileId,
    /// Under which digest its bytes lie.
    pub digest: Digest,
    /// Bytes.
    pub size: u64,
    /// What its bytes are.
    pub content_type: String,
    /// The name it was uploaded under; may hold personal data.
    pub name: String,
}

/// An attachment whose name is still sealed.
pub struct SealedAttachment {
    id: FileId,
    digest: Digest,
    size: i64,
    content_type: String,
    name: Vec<u8>,
}

impl SealedAttachment {
    /// Reads the five columns of an attachment from column `at` on.
    ///
    /// # Errors
    /// When a column does not fit.
    pub fn read(r: &Row<'_>, at: usize) -> store::Result<Self> {
        Ok(Self {
            id: r.get::<Uuid>(at)?.into(),
            digest: r.get(at + 1)?,
            size: r.get(at + 2)?,
            content_type: r.get(at + 3)?,
            name: r.get(at + 4)?,
        })
    }

    /// Opens the name.
    ///
    /// # Errors
    /// When it was altered.
    pub fn open(self, ctx: &Ctx) -> store::Result<Attachment> {
        Ok(Attachment {
            id: self.id,
            digest: self.digest,
            size: u64::try_from(self.size).unwrap_or_default(),
            content_type: self.content_type,
            name: ctx.sealer.open(NAME_FIELD, &self.name)?,
        })
    }
}

impl FromRow for SealedAttachment {
    fn from_row(r: &Row<'_>) -> store::Result<Self> {
        Self::read(r, 0)
    }
}

/// A file whose bytes are durable and whose row is still to be written.
#[derive(Debug, Clone)]
pub struct NewAttachment {
    /// What it will be.
    pub attachment: Attachment,
    sealed_name: Vec<u8>,
    salt: Uuid,
    now: Timestamp,
}

/// The id of a stored file. It follows from what the file is, so that the events which name it vouch for its row; the salt
/// tells apart what was uploaded twice.
pub(super) fn id_of(
    salt: Uuid,
    digest: &Digest,
    size: i64,
    content_type: &str,
    added_at: Timestamp,
) -> FileId {
    let text = format!("{salt}\n{digest}\n{size}\n{content_type}\n{}", added_at.as_microsecond());
    let mut id = [0; 16];
    id.copy_from_slice(&Digest::of(text.as_bytes()).as_bytes()[..16]);
    FileId(uuid::Builder::from_custom_bytes(id).into_uuid())
}

impl NewAttachment {
    /// When it came in.
    #[must_use]
    pub const fn added_at(&self) -> Timestamp {
        self.now
    }

    /// Writes the row, in the transaction that refers to the file.
    ///
    /// # Errors
    /// When the data cannot be written.
    pub async fn write(&self, tx: &Tx) -> store::Result<()> {
        let file = &self.attachment;
        files::register(tx, &file.digest, file.size, self.now).await?;
        let row = [
            file.id.uuid().into(),
            (&file.digest).into(),
            i64::try_from(file.size).unwrap_or(i64::MAX).into(),
            (&file.content_type).into(),
            (&self.sealed_name).into(),
            self.now.into(),
            self.salt.into(),
        ];
        tx.exec(sql::ADD_ATTACHMENT, &row).await.map(drop)
    }
}

/// Checks a file by its content, lets the scanner look at it, and makes its bytes durable; the row follows by
/// [`NewAttachment::write`]. `from` is who sent it, as the journal names actors.
///
/// # Errors
/// [`FileError`], each with a sentence for the person.
pub async fn keep(ctx: &Ctx, from: &str, name: &str, bytes: Bytes) -> Result<NewAttachment, FileError> {
    if bytes.is_empty() {
        return Err(FileError::Empty);
    }
    if bytes.len() > LARGEST {
        return Err(FileError::TooLarge(bytes.len().div_ceil(1024 * 1024)));
    }
    let kind = infer::get(&bytes).map(|kind| kind.mime_type()).filter(|kind| TAKEN.contains(kind));
    let content_type = kind.ok_or(FileError::NotTaken)?.to_owned();
    let size = u64::try_from(bytes.len()).unwrap_or_default();
    super::scanning::look(ctx, from, &bytes).await?;
    let digest = ctx.files.put(bytes).await?;
    let name: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
    let sealed_name = ctx.seal(NAME_FIELD, &name);
    let (salt, now) = (ctx.new_uuid(), ctx.now());
    let id = id_of(salt, &digest, i64::try_from(size).unwrap_or(i64::MAX), &content_type, now);
    let attachment = Attachment { id, digest, size, content_type, name };
    Ok(NewAttachment { attachment, sealed_name, salt, now })
}

struct Add(NewAttachment);

impl Work for Add {
    type Out = Attachment;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Attachment> {
        self.0.write(tx).await?;
        Ok(self.0.attachment.clone())
    }
}

/// Stores a file that a command of a member of staff will name: a signature, a signed promise, a result.
///
/// # Errors
/// [`FileError`], each with a sentence for the person.
pub async fn store_file(ctx: &Ctx, name: &str, bytes: Bytes) -> Result<Attachment, FileError> {
    let new = keep(ctx, "staff", name, bytes).await?;
    Ok(ctx.db.write(Add(new)).await?)
}

struct FilesOf(CaseId);

impl Work for FilesOf {
    type Out = Option<(CaseRecord, Vec<SealedAttachment>)>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        let Some(record) = tx.opt::<CaseRecord>(sql::CASE_BY_ID, &[self.0.uuid().into()]).await? else {
            return Ok(None);
        };
        let files = named_by(tx, &super::sight::events(tx, self.0).await?).await?;
        Ok(Some((record, files)))
    }
}

/// The files that these events name, in their order.
pub(super) async fn named_by(tx: &Tx, events: &[Event]) -> store::Result<Vec<SealedAttachment>> {
    let mut ids: Vec<FileId> = Vec::new();
    for id in events.iter().flat_map(|event| named_files(&event.what)) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let mut files = Vec::with_capacity(ids.len());
    for id in ids {
        files.extend(tx.opt::<SealedAttachment>(sql::ATTACHMENT, &[id.uuid().into()]).await?);
    }
    Ok(files)
}

/// The files that an event names.
pub(super) fn named_files(what: &domain::cases::Happened) -> Vec<FileId> {
    use domain::cases::{Acceptance, Delivery, Happened};
    match what {
        Happened::Submitted { materials, .. }
        | Happened::Received { materials, .. }
        | Happened::Resubmitted { materials, .. }
        | Happened::DeferredSupplied { materials } => {
            materials.iter().flat_map(|handed| handed.files.iter().copied()).collect()
        }
        Happened::Accepted { how: Acceptance::Commitment { promise }, .. } => vec![*promise],
        Happened::ResultMade { file: Some(file), .. } => vec![*file],
        Happened::Delivered { how: Delivery::Window { signature: Some(signature), .. } } => vec![*signature],
        _ => Vec::new(),
    }
}

/// All files that a case names, oldest first, for whoever may see it in full.
///
/// # Errors
/// [`ActError::Absent`] when there is no such case, or not for this person.
pub async fn files_of(ctx: &Ctx, case: CaseId, by: &By) -> Result<Vec<Attachment>, ActError> {
    let (record, files) = ctx.db.read(FilesOf(case)).await?.ok_or(ActError::Absent)?;
    if matches!(by, By::Code) || !by.may_see(&record, &ctx.city()) {
        return Err(ActError::Absent);
    }
    files.into_iter().map(|file| file.open(ctx).map_err(ActError::from)).collect()
}

/// One file of a case by the digest of its content, with its bytes.
///
/// # Errors
/// [`ActError::Absent`] when the case does not name it, or not for this person.
pub async fn read_file(
    ctx: &Ctx,
    case: CaseId,
    digest: &Digest,
    by: &By,
) -> Result<(Attachment, Bytes), ActError> {
    let file = files_of(ctx, case, by).await?.into_iter().find(|file| file.digest == *digest);
    let file = file.ok_or(ActError::Absent)?;
    let bytes = ctx.files.get(digest).await?;
    Ok((file, bytes))
}
