//! Persons: whom matters are about, natural and legal. What identifies them is sealed; the row shows a masked name, and
//! equality is asked of blind indexes. Looking at a value in full needs a reason and is journaled.

mod fields;
mod record;

pub use record::{Assurance, Known};
pub(super) use record::{PersonEvent, PersonFact, PersonRecord, parsed};

use super::By;
use super::sql;
use crate::Ctx;
use crate::run::commit;
use crate::web::Fault;
use domain::identity::{Document, DocumentKind};
use domain::kernel::CitizenId;
use domain::kernel::identity::Phone;
pub(super) use fields::phone_index;
use fields::{ADDRESS, DOCUMENT, NAME, PHONE, document_index, mask_name, sealed};
use jiff::Timestamp;
use record::Sealed;
use store::{Error, Tx, Work};
use uuid::Uuid;

/// Longest reason and address kept, in characters.
const LONGEST: usize = 200;

/// A person to be made known.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// The document.
    pub document: Document,
    /// The whole name, as on the document.
    pub name: String,
    /// Where messages go.
    pub phone: Option<Phone>,
    /// Where letters go.
    pub address: Option<String>,
    /// For a firm: who acts for it.
    pub handler: Option<CitizenId>,
    /// How surely we know who it is.
    pub assurance: Assurance,
    /// Why a number that does not fit its arithmetic is taken as issued; only who saw the document says so.
    pub as_issued: Option<String>,
}

/// A person as pages show them: masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonView {
    /// The id; a [`CitizenId`] or a `LegalPersonId` as [`Known::is_firm`] says.
    pub id: Uuid,
    /// What is known without opening.
    pub known: Known,
    /// 王*明.
    pub name: String,
    /// 3204 **** **** 1234.
    pub document: String,
    /// 138 **** 5678; empty when there is none.
    pub phone: String,
    /// Whether an address is kept; it is shown only in full and on request.
    pub has_address: bool,
}

/// A person in full: for papers, for prefilled forms of the person themselves, after [`reveal`] for staff.
#[derive(Clone)]
pub struct PersonInFull {
    /// The id.
    pub id: Uuid,
    /// What is known without opening.
    pub known: Known,
    /// The whole name.
    pub name: String,
    /// The whole number.
    pub document: String,
    /// The whole number; empty when there is none.
    pub phone: String,
    /// The whole address; empty when there is none.
    pub address: String,
}

/// Why a person was not registered or shown.
#[derive(Debug, thiserror::Error)]
pub enum PersonError {
    /// The document is known with another name.
    #[error(
        "这个证件号码登记的姓名和填的不一样，请对照证件再看一遍；改过名字的，请带证件到就近的服务大厅更正"
    )]
    NameDiffers,
    /// Looking at values in full needs a reason.
    #[error("请写明为什么要查看完整信息，例如“核对身份证原件”")]
    NoReason,
    /// A text is too long.
    #[error("最多填写 {LONGEST} 个字，请缩短")]
    TooLong,
    /// The data could not be read or written.
    #[error(transparent)]
    Store(#[from] Error),
}

impl From<PersonError> for Fault {
    fn from(error: PersonError) -> Self {
        match error {
            PersonError::Store(error) => error.into(),
            refused => Self::bad_request("person", refused.to_string()),
        }
    }
}

/// Makes a person known, or finds the one with this document.
pub(super) struct Register {
    pub id: Uuid,
    masked: String,
    known: Known,
    sealed: Sealed,
    by: By,
    now: Timestamp,
}

impl Register {
    pub fn new(ctx: &Ctx, new: &NewPerson, by: By) -> Self {
        let kind = new.document.kind();
        Self {
            id: ctx.new_uuid(),
            masked: mask_name(kind, &new.name),
            known: Known {
                document: kind,
                handler: new.handler,
                assurance: new.assurance,
                has_account: false,
                as_issued: new.as_issued.clone(),
            },
            sealed: sealed(ctx, new),
            by,
            now: ctx.now(),
        }
    }

    /// The person after it; a known one keeps document and name, and a clerk who sees them renews the rest.
    pub async fn on(&self, tx: &Tx) -> Result<PersonRecord, PersonError> {
        let key = [(&self.sealed.document_index).into()];
        let stamp = self.by.stamp(self.now);
        let event = |fact| PersonEvent { at: self.now, fact };
        let Some(record) = tx.opt::<PersonRecord>(sql::PERSON_BY_DOCUMENT, &key).await? else {
            let fresh = PersonRecord {
                id: self.id,
                version: 0,
                masked: self.masked.clone(),
                known: Known::default(),
                sealed: Some(self.sealed.clone()),
            };
            let Known { document, handler, assurance, as_issued, .. } = self.known.clone();
            let fact = PersonFact::Registered { document, handler, assurance, as_issued };
            return Ok(commit(tx, fresh, &[event(fact)], &stamp).await?);
        };
        let (name_index, _): (Vec<u8>, Option<Vec<u8>>) =
            tx.one(sql::PERSON_INDEXES, &[record.id.into()]).await?;
        if name_index != self.sealed.name_index {
            return Err(PersonError::NameDiffers);
        }
        if self.known.assurance < Assurance::Seen {
            return Ok(record);
        }
        let mut events = Vec::new();
        if record.known.assurance < Assurance::Seen {
            events.push(event(PersonFact::Verified));
        }
        if self.sealed.phone.is_some() || self.sealed.address.is_some() {
            events.push(event(PersonFact::ContactChanged));
            let Sealed { phone, phone_index, address, .. } = &self.sealed;
            let contact = [
                record.id.into(),
                phone.as_ref().into(),
                phone_index.as_ref().into(),
                address.as_ref().into(),
            ];
            tx.exec(sql::SET_CONTACT, &contact).await?;
        }
        if events.is_empty() { Ok(record) } else { Ok(commit(tx, record, &events, &stamp).await?) }
    }
}

impl Work for Register {
    type Out = Uuid;
    type Err = PersonError;

    async fn run(&self, tx: &Tx) -> Result<Uuid, PersonError> {
        Ok(self.on(tx).await?.id)
    }
}

/// So many others may make the same person known at the same moment.
const AT_ONCE: u32 = 10;

/// Makes a person known, or finds the one with this document; with [`Assurance::Seen`] phone and address are renewed.
///
/// # Errors
/// [`PersonError::NameDiffers`] when the document is known with another name.
pub async fn register(ctx: &Ctx, new: &NewPerson, by: By) -> Result<PersonView, PersonError> {
    let long = |text: &String| text.chars().count() > LONGEST;
    let too_long = new.address.iter().chain(&new.as_issued).any(long);
    if too_long || new.name.chars().count() > LONGEST {
        return Err(PersonError::TooLong);
    }
    let mut tries = 0;
    let id = loop {
        match ctx.db.write(Register::new(ctx, new, by.clone())).await {
            // Somebody else makes the same person known at this moment; now they are.
            Err(PersonError::Store(Error::Unique { .. } | Error::Conflict(_))) if tries < AT_ONCE => {
                tries += 1;
            }
            done => break done?,
        }
    };
    view(ctx, id).await?.ok_or(PersonError::Store(Error::NotFound))
}

struct Find(Vec<u8>);

impl Work for Find {
    type Out = Option<PersonRecord>;
    type Err = Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        tx.opt(sql::PERSON_BY_DOCUMENT, &[(&self.0).into()]).await
    }
}

/// The index under which a document is found.
pub(super) fn index_of(ctx: &Ctx, document: &Document) -> Vec<u8> {
    document_index(&ctx.sealer, document.kind(), document.as_str())
}

struct FirmsOf(CitizenId);

impl Work for FirmsOf {
    type Out = Vec<PersonRecord>;
    type Err = Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        tx.all(sql::FIRMS_OF, &[self.0.uuid().into()]).await
    }
}

/// The firms a person acts for: id and name.
///
/// # Errors
/// When the data cannot be read.
pub async fn firms_of(ctx: &Ctx, handler: CitizenId) -> store::Result<Vec<(Uuid, String)>> {
    let firms = ctx.db.read(FirmsOf(handler)).await?;
    Ok(firms.into_iter().map(|firm| (firm.id, firm.masked)).collect())
}

/// The person with this document, if known.
///
/// # Errors
/// When the data cannot be read.
pub async fn find_by_document(ctx: &Ctx, document: &Document) -> store::Result<Option<PersonView>> {
    match ctx.db.read(Find(index_of(ctx, document))).await? {
        Some(record) => view(ctx, record.id).await,
        None => Ok(None),
    }
}

type Columns = (String, String, Vec<u8>, Vec<u8>, Option<Vec<u8>>, Option<Vec<u8>>);

struct Load(Uuid);

impl Work for Load {
    type Out = Option<Columns>;
    type Err = Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        tx.opt(sql::PERSON_SEALED, &[self.0.into()]).await
    }
}

/// A person as pages show them: masked.
///
/// # Errors
/// When the data cannot be read or opened.
pub async fn view(ctx: &Ctx, id: Uuid) -> store::Result<Option<PersonView>> {
    let Some((masked, state, document, _, phone, address)) = ctx.db.read(Load(id)).await? else {
        return Ok(None);
    };
    let known = parsed(&state)?;
    let document = mask_document(known.document, &ctx.sealer.open(DOCUMENT, &document)?);
    let phone = match phone {
        Some(phone) => {
            Phone::parse(&ctx.sealer.open(PHONE, &phone)?).map_or_else(|_| "****".into(), |p| p.masked())
        }
        None => String::new(),
    };
    Ok(Some(PersonView { id, known, name: masked, document, phone, has_address: address.is_some() }))
}

fn mask_document(kind: DocumentKind, number: &str) -> String {
    match Document::parse_as_issued(kind, number, jiff::civil::Date::MAX) {
        Ok((document, None)) => document.masked(),
        Ok((document, Some(_))) => format!("{}（校验不符，窗口已对照证件）", document.masked()),
        Err(_) => "**** ****".to_owned(),
    }
}

/// A person in full, without a trace: for papers, and for prefilled forms of the person themselves. What a member of
/// staff looks at goes through [`reveal`].
///
/// # Errors
/// When the data cannot be read or opened.
pub async fn in_full(ctx: &Ctx, id: Uuid) -> store::Result<Option<PersonInFull>> {
    let Some((_, state, document, name, phone, address)) = ctx.db.read(Load(id)).await? else {
        return Ok(None);
    };
    let open = |field: &'static str, value: Option<Vec<u8>>| {
        value.map_or_else(|| Ok(String::new()), |value| ctx.sealer.open(field, &value))
    };
    Ok(Some(PersonInFull {
        id,
        known: parsed(&state)?,
        name: open(NAME, Some(name))?,
        document: open(DOCUMENT, Some(document))?,
        phone: open(PHONE, phone)?,
        address: open(ADDRESS, address)?,
    }))
}

/// One event of a person, committed in a transaction of its own.
pub(super) struct Note {
    pub id: Uuid,
    pub fact: PersonFact,
    pub by: By,
    pub now: Timestamp,
}

impl Note {
    pub async fn on(&self, tx: &Tx) -> store::Result<PersonRecord> {
        let record: PersonRecord = tx.one(sql::PERSON_BY_ID, &[self.id.into()]).await?;
        let event = PersonEvent { at: self.now, fact: self.fact.clone() };
        commit(tx, record, &[event], &self.by.stamp(self.now)).await
    }
}

impl Work for Note {
    type Out = ();
    type Err = Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        self.on(tx).await.map(drop)
    }
}

/// A person in full for a member of staff, with a reason that is journaled before anything is shown. Whether they may
/// look is asked before ([`super::guard`] with `Permission::RevealPersonalData` and the case's organisation).
///
/// # Errors
/// [`PersonError::NoReason`], [`PersonError::TooLong`]; [`PersonError::Store`] also when there is no such person.
pub async fn reveal(ctx: &Ctx, id: Uuid, reason: &str, by: By) -> Result<PersonInFull, PersonError> {
    let reason = reason.trim().to_owned();
    if reason.is_empty() {
        return Err(PersonError::NoReason);
    }
    if reason.chars().count() > LONGEST {
        return Err(PersonError::TooLong);
    }
    let fields = ["name", "document", "phone", "address"].map(str::to_owned).to_vec();
    let fact = PersonFact::Revealed { fields, reason };
    ctx.db.write(Note { id, fact, by, now: ctx.now() }).await?;
    in_full(ctx, id).await?.ok_or(PersonError::Store(Error::NotFound))
}
