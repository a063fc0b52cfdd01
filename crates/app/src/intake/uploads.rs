//! Pages of materials: uploaded one by one to a draft or to a case that is supplemented, taken out again, or taken over from
//! an earlier case of the same applicant.

use bytes::Bytes;
use domain::cases::{Action, Command, Handed, Status};
use domain::kernel::{CaseId, CitizenId, FileId};
use store::{Tx, Work};
use uuid::Uuid;

use super::draft::{Owner, SealedUpload, Upload, open};
use super::{IntakeError, sql};
use crate::Ctx;
use crate::cases::{
    self, By, CaseRecord, FileError, NewAttachment, StaffActor, act_as_citizen, act_as_staff, keep,
};

/// Pages of one material.
const MOST_PAGES: i64 = 50;

/// A file with its place.
struct Add {
    holder: Uuid,
    material: String,
    new: Option<NewAttachment>,
    file: FileId,
}

impl Work for Add {
    type Out = i64;
    type Err = IntakeError;

    async fn run(&self, tx: &Tx) -> Result<i64, IntakeError> {
        let key = [self.holder.into(), (&self.material).into()];
        let (last, count): (i64, i64) = tx.one(sql::LAST_PAGE, &key).await?;
        if count >= MOST_PAGES {
            return Err(IntakeError::TooManyPages);
        }
        if let Some(new) = &self.new {
            new.write(tx).await?;
        }
        let page = last + 1;
        let row = [self.holder.into(), (&self.material).into(), page.into(), self.file.uuid().into()];
        tx.exec(sql::ADD_UPLOAD, &row).await?;
        Ok(page)
    }
}

async fn add(
    ctx: &Ctx,
    holder: Uuid,
    from: &str,
    material: &str,
    name: &str,
    bytes: Bytes,
) -> Result<Upload, IntakeError> {
    let new = keep(ctx, from, name, bytes).await?;
    let file = new.attachment.clone();
    let page = place(ctx, holder, material, Some(new), file.id).await?;
    Ok(Upload { material: material.to_owned(), page, file })
}

/// Gives the file the next page; when two pages arrive at once, one of them takes the page after.
async fn place(
    ctx: &Ctx,
    holder: Uuid,
    material: &str,
    new: Option<NewAttachment>,
    file: FileId,
) -> Result<i64, IntakeError> {
    let mut tries = 0;
    loop {
        let add = Add { holder, material: material.to_owned(), new: new.clone(), file };
        match ctx.db.write(add).await {
            Err(IntakeError::Store(store::Error::Unique { .. })) if tries < 20 => tries += 1,
            done => return done,
        }
    }
}

/// Uploads one page of a material of a draft. The content decides what it is, never the name.
///
/// # Errors
/// [`IntakeError::File`] with a sentence, [`IntakeError::NoMaterial`], [`IntakeError::TooManyPages`],
/// [`IntakeError::Submitted`], [`IntakeError::Absent`].
pub async fn attach(
    ctx: &Ctx,
    owner: Owner,
    draft: Uuid,
    material: &str,
    name: &str,
    bytes: Bytes,
) -> Result<Upload, IntakeError> {
    let draft = open(ctx, owner, draft).await?;
    if draft.application.is_some() {
        return Err(IntakeError::Submitted);
    }
    if draft.needs(&ctx.city()).iter().all(|need| need.terms.code != material) {
        return Err(IntakeError::NoMaterial);
    }
    let (kind, id) = owner.stored();
    add(ctx, draft.id, &format!("{kind}:{id}"), material, name, bytes).await
}

/// The page of a material that was added last to a draft or case, inside the transaction that added it.
///
/// # Errors
/// When there is none or it cannot be read.
pub async fn last_page(tx: &Tx, holder: Uuid, material: &str) -> store::Result<FileId> {
    let (file,): (Uuid,) = tx.one(sql::NEWEST_PAGE, &[holder.into(), material.into()]).await?;
    Ok(file.into())
}

struct Drop {
    holder: Uuid,
    file: FileId,
}

impl Work for Drop {
    type Out = ();
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        tx.exec(sql::DROP_UPLOAD, &[self.holder.into(), self.file.uuid().into()]).await.map(drop)
    }
}

/// Takes a page out of a draft; one that is not there any more is out already.
///
/// # Errors
/// [`IntakeError::Submitted`], [`IntakeError::Absent`].
pub async fn detach(ctx: &Ctx, owner: Owner, draft: Uuid, file: FileId) -> Result<(), IntakeError> {
    let draft = open(ctx, owner, draft).await?;
    if draft.application.is_some() {
        return Err(IntakeError::Submitted);
    }
    Ok(ctx.db.write(Drop { holder: draft.id, file }).await?)
}

/// The bytes of an uploaded page of a draft, to look at before submitting.
///
/// # Errors
/// [`IntakeError::Absent`] when the draft has no such page.
pub async fn read_upload(
    ctx: &Ctx,
    owner: Owner,
    draft: Uuid,
    file: FileId,
) -> Result<(Upload, Bytes), IntakeError> {
    let draft = open(ctx, owner, draft).await?;
    let upload = draft.uploads.into_iter().find(|u| u.file.id == file).ok_or(IntakeError::Absent)?;
    let bytes = ctx.files.get(&upload.file.digest).await?;
    Ok((upload, bytes))
}

/// A material of an earlier case that can be used again 材料共享.
#[derive(Debug, Clone)]
pub struct Reusable {
    /// Code of the material.
    pub material: String,
    /// Its name.
    pub name: String,
    /// The case it was handed in with.
    pub case: CaseId,
    /// Its item.
    pub item_name: String,
    /// The pages.
    pub files: Vec<FileId>,
}

/// How many earlier cases are looked through.
const EARLIER: usize = 30;

/// What the applicant handed in before and this draft needs, the newest of each material: nobody uploads the same paper
/// twice (国务院令第716号 第七条).
///
/// # Errors
/// [`IntakeError::Absent`], [`IntakeError::Store`].
pub async fn reusable(ctx: &Ctx, owner: Owner, draft: Uuid) -> Result<Vec<Reusable>, IntakeError> {
    let draft = open(ctx, owner, draft).await?;
    let Some(applicant) = draft.applicant else { return Ok(Vec::new()) };
    let needs = draft.needs(&ctx.city());
    let (earlier, _) = cases::mine(ctx, applicant.person(), None, EARLIER).await?;
    let mut found: Vec<Reusable> = Vec::new();
    for row in earlier {
        let Some(record) = cases::find(&ctx.db, row.id).await? else { continue };
        // A firm's papers are not the person's, and the other way round.
        if record.case.submission.as_ref().is_none_or(|s| s.applicant != applicant) {
            continue;
        }
        for handed in record.case.materials.iter().filter(|handed| !handed.files.is_empty()) {
            let need = needs.iter().find(|need| need.terms.code == handed.code);
            let known = found.iter().any(|reusable| reusable.material == handed.code);
            if let Some(need) = need.filter(|_| !known) {
                found.push(Reusable {
                    material: handed.code.clone(),
                    name: need.terms.name.clone(),
                    case: row.id,
                    item_name: row.item_name.clone(),
                    files: handed.files.clone(),
                });
            }
        }
    }
    Ok(found)
}

/// Takes a material over from an earlier case into the draft.
///
/// # Errors
/// [`IntakeError::NoMaterial`] when there is nothing to take over, and as [`attach`].
pub async fn reuse(ctx: &Ctx, owner: Owner, draft: Uuid, material: &str) -> Result<(), IntakeError> {
    let found = reusable(ctx, owner, draft).await?;
    let found = found.into_iter().find(|r| r.material == material).ok_or(IntakeError::NoMaterial)?;
    let draft = open(ctx, owner, draft).await?;
    if draft.application.is_some() {
        return Err(IntakeError::Submitted);
    }
    for file in found.files {
        if draft.uploads.iter().all(|upload| upload.file.id != file) {
            place(ctx, draft.id, material, None, file).await?;
        }
    }
    Ok(())
}

/// The case that is supplemented, when this person may supplement it now.
async fn supplementable(ctx: &Ctx, case: CaseId, by: &By) -> Result<CaseRecord, IntakeError> {
    let record = cases::find(&ctx.db, case).await?.ok_or(IntakeError::Absent)?;
    if !by.may_see(&record, &ctx.city()) || matches!(by, By::Code) {
        return Err(IntakeError::Absent);
    }
    let wanted = record.case.status == Status::Correcting || record.case.deferral.is_some();
    if wanted { Ok(record) } else { Err(IntakeError::NothingAsked) }
}

/// Uploads one page of a material that was asked for: a supplement 补正 or what was deferred 容缺.
///
/// # Errors
/// As [`attach`]; [`IntakeError::NothingAsked`] when nothing is waited for.
pub async fn attach_to_case(
    ctx: &Ctx,
    by: &By,
    case: CaseId,
    material: &str,
    name: &str,
    bytes: Bytes,
) -> Result<Upload, IntakeError> {
    let record = supplementable(ctx, case, by).await?;
    if record.case.terms().is_none_or(|terms| terms.material(material).is_none()) {
        return Err(IntakeError::NoMaterial);
    }
    add(ctx, case.uuid(), &by.name(), material, name, bytes).await
}

/// Takes a page out again before the supplement is handed in.
///
/// # Errors
/// As [`attach_to_case`].
pub async fn detach_from_case(ctx: &Ctx, by: &By, case: CaseId, file: FileId) -> Result<(), IntakeError> {
    supplementable(ctx, case, by).await?;
    Ok(ctx.db.write(Drop { holder: case.uuid(), file }).await?)
}

struct Staged(Uuid);

impl Work for Staged {
    type Out = Vec<SealedUpload>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Vec<SealedUpload>> {
        tx.all(sql::UPLOADS, &[self.0.into()]).await
    }
}

/// The pages uploaded for a supplement that is not handed in yet.
///
/// # Errors
/// As [`attach_to_case`].
pub async fn staged(ctx: &Ctx, by: &By, case: CaseId) -> Result<Vec<Upload>, IntakeError> {
    supplementable(ctx, case, by).await?;
    let uploads = ctx.db.read(Staged(case.uuid())).await?;
    uploads.into_iter().map(|upload| upload.open(ctx).map_err(IntakeError::from)).collect()
}

/// The bytes of a page uploaded for a supplement, to look at before it is handed in.
///
/// # Errors
/// As [`attach_to_case`]; [`IntakeError::Absent`] when there is no such page.
pub async fn read_staged(
    ctx: &Ctx,
    by: &By,
    case: CaseId,
    file: FileId,
) -> Result<(Upload, Bytes), IntakeError> {
    let staged = staged(ctx, by, case).await?;
    let upload = staged.into_iter().find(|u| u.file.id == file).ok_or(IntakeError::Absent)?;
    let bytes = ctx.files.get(&upload.file.digest).await?;
    Ok((upload, bytes))
}

struct Clear(Uuid);

impl Work for Clear {
    type Out = ();
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        tx.exec(sql::DROP_UPLOADS, &[self.0.into()]).await.map(drop)
    }
}

/// Who hands a supplement in.
pub enum Supplier<'a> {
    /// The applicant.
    Citizen(CitizenId),
    /// The window or the agent, for the applicant.
    Staff(&'a StaffActor),
}

/// Hands in what was uploaded for a case, with paper copies taken at the window: answers the notice 补正, or supplies what
/// was deferred 容缺.
///
/// # Errors
/// [`IntakeError::Act`] when something asked for is missing or the case has moved on; [`IntakeError::NothingAsked`].
pub async fn supplement(
    ctx: &Ctx,
    supplier: Supplier<'_>,
    case: CaseId,
    version: i64,
    paper: &[(String, u16)],
    trace: &str,
) -> Result<CaseRecord, IntakeError> {
    let by = match &supplier {
        Supplier::Citizen(id) => By::Citizen(*id),
        Supplier::Staff(staff) => By::Staff((*staff).clone()),
    };
    let record = supplementable(ctx, case, &by).await?;
    let mut materials: Vec<Handed> = Vec::new();
    for upload in staged(ctx, &by, case).await? {
        handed(&mut materials, &upload.material).files.push(upload.file.id);
    }
    for (code, copies) in paper.iter().filter(|(_, copies)| *copies > 0) {
        handed(&mut materials, code).paper = *copies;
    }
    let correcting = record.case.status == Status::Correcting;
    let command =
        if correcting { Command::Resubmit { materials } } else { Command::SupplyDeferred { materials } };
    debug_assert!(matches!(command.action(), Action::Resubmit | Action::SupplyDeferred));
    let done = match supplier {
        Supplier::Citizen(id) => act_as_citizen(ctx, id, case, version, command, trace).await,
        Supplier::Staff(staff) => act_as_staff(ctx, staff, case, version, command, trace).await,
    }?;
    ctx.db.write(Clear(case.uuid())).await?;
    Ok(done)
}

fn handed<'a>(materials: &'a mut Vec<Handed>, code: &str) -> &'a mut Handed {
    let at = materials.iter().position(|known| known.code == code).unwrap_or_else(|| {
        materials.push(Handed { code: code.to_owned(), paper: 0, files: Vec::new() });
        materials.len() - 1
    });
    &mut materials[at]
}

impl From<FileError> for IntakeError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Store(e) => Self::Store(e),
            other => Self::File(other),
        }
    }
}
