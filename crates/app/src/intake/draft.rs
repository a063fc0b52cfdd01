//! Drafts 草稿: what somebody has filled in so far. Saving never refuses what is half filled in.

use std::sync::Arc;

use domain::cases::{Applicant, Channel, MaterialTerms, Terms, shared_materials};
use domain::catalogue::{Item, MaterialForm, MaterialSource};
use domain::kernel::{ApplicationId, CitizenId, ItemId, OrgId, StaffId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{FromRow, Row, Tx, Work};
use uuid::Uuid;

use super::form::Values;
use super::place::terms_at;
use super::receipt::Receipt;
use super::{IntakeError, sql};
use crate::Ctx;
use crate::cases::{Attachment, SealedAttachment};
use crate::city::{City, Field, Form};

/// The sealed column that holds the form of a draft.
pub const FORM_FIELD: &str = "draft.form";

/// Who fills in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The applicant, online.
    Citizen(CitizenId),
    /// A member of staff for the applicant, at a window or as an agent.
    Staff(StaffId),
}

impl Owner {
    pub(super) const fn stored(self) -> (&'static str, Uuid) {
        match self {
            Self::Citizen(id) => ("citizen", id.0),
            Self::Staff(id) => ("staff", id.0),
        }
    }
}

/// An application being filled in.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Which.
    pub id: Uuid,
    pub(super) version: i64,
    /// Who fills in.
    pub owner: Owner,
    /// How it will come in.
    pub channel: Channel,
    /// The items, at least one.
    pub items: Vec<ItemId>,
    /// Where it will be handed in.
    pub accepting: Option<OrgId>,
    /// Whose it is, once that is known.
    pub applicant: Option<Applicant>,
    /// What was filled in.
    pub values: Values,
    /// The step that was open last, as the pages name it.
    pub step: String,
    /// When it really happened, for 补录.
    pub happened_at: Option<Timestamp>,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it was touched last.
    pub updated_at: Timestamp,
    /// When it will be forgotten.
    pub expires_at: Timestamp,
    /// The application it became.
    pub application: Option<ApplicationId>,
    /// Uploaded pages: code of the material, place, file.
    pub uploads: Vec<Upload>,
    pub(super) receipt: Option<Receipt>,
}

/// An uploaded page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Code of the material.
    pub material: String,
    /// Its place among the pages of the material, rising.
    pub page: i64,
    /// The file.
    pub file: Attachment,
}

/// A material that an application needs, with what is there already.
#[derive(Debug, Clone)]
pub struct Need {
    /// Code, name and whether it must be there.
    pub terms: MaterialTerms,
    /// 原件, 复印件 …
    pub form: MaterialForm,
    /// How many.
    pub copies: u8,
    /// Where it comes from.
    pub source: MaterialSource,
    /// How to fill it in; may be empty.
    pub note: String,
    /// No department has confirmed it yet.
    pub unconfirmed: bool,
    /// Paper copies noted at the window.
    pub paper: u16,
    /// Uploaded pages.
    pub pages: Vec<Attachment>,
}

impl Draft {
    /// Its items as the catalogue has them.
    #[must_use]
    pub fn items_in<'a>(&self, city: &'a City) -> Vec<&'a Item> {
        self.items.iter().filter_map(|id| city.item(*id)).collect()
    }

    /// Its form.
    #[must_use]
    pub fn form(&self, city: &City) -> Arc<Form> {
        city.form(&self.items_in(city), self.channel)
    }

    /// The fields of its form.
    #[must_use]
    pub fn fields(&self, city: &City) -> Vec<Field> {
        self.form(city).fields.clone()
    }

    /// The terms of its cases; the place of acceptance decides who reviews.
    #[must_use]
    pub fn terms(&self, city: &City) -> Vec<Terms> {
        let Some(accepting) = self.accepting.or_else(|| city.orgs.first().map(|org| org.id)) else {
            return Vec::new();
        };
        self.items_in(city).into_iter().filter_map(|item| terms_at(city, item, accepting)).collect()
    }

    /// The materials of all its items, each asked for once.
    #[must_use]
    pub fn needs(&self, city: &City) -> Vec<Need> {
        let guides: Vec<_> = self.items_in(city).into_iter().flat_map(|i| &i.guide.materials).collect();
        let need = |terms: MaterialTerms| {
            let guide = guides.iter().find(|m| domain::cases::material_code(&m.name) == terms.code)?;
            Some(Need {
                form: guide.form,
                copies: guide.copies,
                source: guide.source,
                note: guide.note.clone(),
                unconfirmed: guide.basis.is_placeholder(),
                paper: self.paper(&terms.code),
                pages: self.pages(&terms.code),
                terms,
            })
        };
        shared_materials(&self.terms(city)).into_iter().filter_map(need).collect()
    }

    /// The numbers of a submitted one, for as long as they are told.
    #[must_use]
    pub const fn receipt(&self) -> Option<&Receipt> {
        self.receipt.as_ref()
    }

    /// Paper copies noted for a material, under `paper.CODE` in the form.
    #[must_use]
    pub fn paper(&self, code: &str) -> u16 {
        self.values.get(&format!("paper.{code}")).and_then(|n| n.trim().parse().ok()).unwrap_or_default()
    }

    /// Uploaded pages of a material, in order.
    #[must_use]
    pub fn pages(&self, code: &str) -> Vec<Attachment> {
        self.uploads.iter().filter(|u| u.material == code).map(|u| u.file.clone()).collect()
    }
}

#[derive(Clone)]
struct Stored {
    draft: Draft,
    form: Vec<u8>,
    receipt: Option<Vec<u8>>,
}

fn json<T: for<'de> Deserialize<'de>>(text: &str, what: &str) -> store::Result<T> {
    serde_json::from_str(text).map_err(|e| store::Error::Corrupt(format!("{what} of a draft: {e}")))
}

pub(super) fn to_json(value: &impl Serialize) -> store::Result<String> {
    serde_json::to_string(value).map_err(|e| store::Error::Other(e.to_string()))
}

impl FromRow for Stored {
    fn from_row(r: &Row<'_>) -> store::Result<Self> {
        let (kind, owner): (String, Uuid) = (r.get(2)?, r.get(3)?);
        let owner = match kind.as_str() {
            "citizen" => Owner::Citizen(owner.into()),
            "staff" => Owner::Staff(owner.into()),
            other => return Err(store::Error::Corrupt(format!("the owner of a draft is a {other}"))),
        };
        let channel: String = r.get(4)?;
        let draft = Draft {
            id: r.get(0)?,
            version: r.get(1)?,
            owner,
            channel: json(&format!("\"{channel}\""), "channel")?,
            items: json(&r.get::<String>(5)?, "items")?,
            accepting: r.get::<Option<Uuid>>(6)?.map(OrgId::from),
            applicant: json(&r.get::<String>(7)?, "applicant")?,
            values: Values::new(),
            step: r.get(9)?,
            happened_at: r.get(10)?,
            created_at: r.get(11)?,
            updated_at: r.get(12)?,
            expires_at: r.get(13)?,
            application: r.get::<Option<Uuid>>(14)?.map(ApplicationId::from),
            uploads: Vec::new(),
            receipt: None,
        };
        Ok(Self { draft, form: r.get(8)?, receipt: r.get(15)? })
    }
}

/// An upload whose file's name is sealed.
pub(super) struct SealedUpload {
    material: String,
    page: i64,
    file: SealedAttachment,
}

impl FromRow for SealedUpload {
    fn from_row(r: &Row<'_>) -> store::Result<Self> {
        Ok(Self { material: r.get(0)?, page: r.get(1)?, file: SealedAttachment::read(r, 2)? })
    }
}

impl SealedUpload {
    pub(super) fn open(self, ctx: &Ctx) -> store::Result<Upload> {
        Ok(Upload { material: self.material, page: self.page, file: self.file.open(ctx)? })
    }
}

struct Load(Uuid);

impl Work for Load {
    type Out = Option<(Stored, Vec<SealedUpload>)>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        let Some(stored) = tx.opt::<Stored>(sql::DRAFT, &[self.0.into()]).await? else { return Ok(None) };
        Ok(Some((stored, tx.all(sql::UPLOADS, &[self.0.into()]).await?)))
    }
}

fn opened(ctx: &Ctx, stored: Stored) -> store::Result<Draft> {
    let Stored { draft, form, receipt } = stored;
    let values = json(&ctx.sealer.open(FORM_FIELD, &form)?, "form")?;
    let receipt = receipt.map(|sealed| Receipt::open(ctx, &sealed)).transpose()?;
    Ok(Draft { values, receipt, ..draft })
}

/// The draft of this owner with that id, uploads included.
///
/// # Errors
/// [`IntakeError::Absent`] when there is none, or it is somebody else's.
pub async fn open(ctx: &Ctx, owner: Owner, id: Uuid) -> Result<Draft, IntakeError> {
    let (stored, uploads) = ctx.db.read(Load(id)).await?.ok_or(IntakeError::Absent)?;
    if stored.draft.owner != owner || stored.draft.expires_at <= ctx.now() {
        return Err(IntakeError::Absent);
    }
    let draft = opened(ctx, stored)?;
    let uploads = uploads.into_iter().map(|u| u.open(ctx)).collect::<store::Result<_>>()?;
    Ok(Draft { uploads, ..draft })
}

struct Listed {
    owner: Uuid,
    before: Uuid,
    limit: u32,
}

impl Work for Listed {
    type Out = Vec<Stored>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Vec<Stored>> {
        tx.all(sql::DRAFTS_OF, &[self.owner.into(), self.before.into(), self.limit.into()]).await
    }
}

/// The drafts of an owner that are not submitted yet, newest first, without their uploads.
///
/// # Errors
/// When the data cannot be read.
pub async fn drafts(ctx: &Ctx, owner: Owner, before: Option<Uuid>, limit: u32) -> store::Result<Vec<Draft>> {
    let before = before.unwrap_or(Uuid::max());
    let list = ctx.db.read(Listed { owner: owner.stored().1, before, limit: limit.clamp(1, 100) }).await?;
    let now = ctx.now();
    let own = list.into_iter().filter(|s| s.draft.owner == owner && s.draft.expires_at > now);
    own.map(|stored| opened(ctx, stored)).collect()
}
