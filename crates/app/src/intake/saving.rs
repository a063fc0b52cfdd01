//! Beginning and saving a draft: field by field, never refusing what is half filled in.

use domain::cases::{Applicant, Channel};
use domain::kernel::{ItemId, OrgId};
use jiff::{SignedDuration, Timestamp};
use store::{Tx, Work};
use uuid::Uuid;

use super::bundle::{MOST_ITEMS, apart};
use super::draft::{Draft, FORM_FIELD, Owner, open, to_json};
use super::form::Values;
use super::{IntakeError, sql};
use crate::Ctx;
use crate::city::City;

/// A draft nobody touches is kept so long.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 30);
/// Drafts forgotten in one transaction.
const FORGOTTEN_AT_ONCE: u32 = 200;
/// So often a save that met another one is begun anew.
const TRIES: usize = 20;
/// Drafts one person may have at the same time.
const MOST: i64 = 100;
/// Characters of a whole form; far beyond any honest one.
const MOST_TEXT: usize = 200_000;
/// What a draft begins with.
#[derive(Debug, Clone)]
pub struct Starting {
    /// How it will come in; a citizen's is always online.
    pub channel: Channel,
    /// One item, or several of a bundle 一件事.
    pub items: Vec<ItemId>,
    /// Where it will be handed in, if that is known.
    pub accepting: Option<OrgId>,
    /// Whose it is, if that is known; a citizen's own in any case.
    pub applicant: Option<Applicant>,
    /// What is known already of the form: name and document of the account.
    pub values: Values,
    /// When it really happened, for 补录 by staff.
    pub happened_at: Option<Timestamp>,
}

struct Insert {
    draft: Draft,
    form: Vec<u8>,
}

impl Work for Insert {
    type Out = ();
    type Err = IntakeError;

    async fn run(&self, tx: &Tx) -> Result<(), IntakeError> {
        let d = &self.draft;
        let (kind, owner) = d.owner.stored();
        let (count,): (i64,) = tx.one(sql::COUNT_OF, &[owner.into()]).await?;
        if count >= MOST {
            return Err(IntakeError::TooManyDrafts);
        }
        let (items, applicant) = (to_json(&d.items)?, to_json(&d.applicant)?);
        let channel = to_json(&d.channel)?;
        let row = [
            d.id.into(),
            d.version.into(),
            kind.into(),
            owner.into(),
            channel.trim_matches('"').into(),
            (&items).into(),
            d.accepting.map(OrgId::uuid).into(),
            (&applicant).into(),
            (&self.form).into(),
            (&d.step).into(),
            d.happened_at.into(),
            d.created_at.into(),
            d.updated_at.into(),
            d.expires_at.into(),
            store::Val::Null,
            store::Val::Null,
        ];
        tx.exec(sql::ADD_DRAFT, &row).await?;
        Ok(())
    }
}

fn seal_form(ctx: &Ctx, values: &Values) -> store::Result<Vec<u8>> {
    Ok(ctx.seal(FORM_FIELD, &to_json(values)?))
}

/// Begins an application.
///
/// # Errors
/// [`IntakeError::NoItem`] when an item is unknown, [`IntakeError::Apart`] when they cannot be one application,
/// [`IntakeError::TooManyDrafts`], [`IntakeError::Store`].
pub async fn start(ctx: &Ctx, owner: Owner, starting: Starting) -> Result<Draft, IntakeError> {
    start_as(ctx, owner, ctx.new_uuid(), starting).await
}

/// Begins an application under an id that was drawn before: whoever begins it twice under the same id begins one.
///
/// # Errors
/// As [`start`].
pub async fn start_as(ctx: &Ctx, owner: Owner, id: Uuid, starting: Starting) -> Result<Draft, IntakeError> {
    let city = ctx.city();
    let mut items = starting.items;
    items.dedup();
    if items.is_empty() || items.iter().any(|id| city.item(*id).is_none()) {
        return Err(IntakeError::NoItem);
    }
    let now = ctx.now();
    let (channel, applicant) = match owner {
        Owner::Citizen(id) => {
            let own = starting.applicant.filter(|applicant| applicant.person() == id);
            (Channel::Online, Some(own.unwrap_or(Applicant::Person { id })))
        }
        Owner::Staff(_) => (starting.channel, starting.applicant),
    };
    let draft = Draft {
        id,
        version: 1,
        owner,
        channel,
        items,
        accepting: starting.accepting.filter(|org| city.org(*org).is_some()),
        applicant,
        values: starting.values,
        step: String::new(),
        happened_at: starting.happened_at.filter(|_| matches!(owner, Owner::Staff(_))),
        created_at: now,
        updated_at: now,
        expires_at: now.saturating_add(KEPT).unwrap_or(Timestamp::MAX),
        application: None,
        uploads: Vec::new(),
        receipt: None,
    };
    if let Some(why) = apart(&draft.items_in(&city), channel, applicant) {
        return Err(IntakeError::Apart(why));
    }
    let form = seal_form(ctx, &draft.values)?;
    ctx.db.write(Insert { draft: draft.clone(), form }).await?;
    Ok(draft)
}

/// What changed; what is `None` or not named stays as it was.
#[derive(Debug, Clone, Default)]
pub struct Saving {
    /// Fields that were on the page, half filled in or empty as they are.
    pub values: Values,
    /// The step that is open now.
    pub step: Option<String>,
    /// Where it will be handed in.
    pub accepting: Option<OrgId>,
    /// Whose it is; staff only.
    pub applicant: Option<Applicant>,
    /// When it really happened; 补录 only.
    pub happened_at: Option<Timestamp>,
    /// The items of the bundle.
    pub items: Option<Vec<ItemId>>,
    /// One more item.
    pub join: Option<ItemId>,
    /// An item that is left out again; the last one stays.
    pub part: Option<ItemId>,
}

struct Update {
    draft: Draft,
    form: Vec<u8>,
}

impl Work for Update {
    type Out = ();
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        let d = &self.draft;
        let (items, applicant) = (to_json(&d.items)?, to_json(&d.applicant)?);
        let row = [
            d.id.into(),
            d.version.into(),
            (&items).into(),
            d.accepting.map(OrgId::uuid).into(),
            (&applicant).into(),
            (&self.form).into(),
            (&d.step).into(),
            d.happened_at.into(),
            d.updated_at.into(),
            d.expires_at.into(),
        ];
        match tx.exec(sql::SAVE_DRAFT, &row).await? {
            1 => Ok(()),
            _ => Err(store::Error::Conflict("the draft was saved meanwhile".into())),
        }
    }
}

/// Saves what was filled in so far: field by field, so that two open pages do not undo one another.
///
/// # Errors
/// [`IntakeError::Absent`], [`IntakeError::Submitted`] when it has been handed in, [`IntakeError::TooMuchText`],
/// [`IntakeError::Apart`] when an item does not go with the others.
pub async fn save(ctx: &Ctx, owner: Owner, id: Uuid, saving: Saving) -> Result<Draft, IntakeError> {
    let city = ctx.city();
    for _ in 0..TRIES {
        let mut draft = open(ctx, owner, id).await?;
        if draft.application.is_some() {
            return Err(IntakeError::Submitted);
        }
        merge(&mut draft, &saving, &city);
        regroup(&mut draft, &saving, &city)?;
        let length: usize = draft.values.values().map(|v| v.chars().count()).sum();
        if length > MOST_TEXT || draft.values.len() > 500 {
            return Err(IntakeError::TooMuchText);
        }
        draft.updated_at = ctx.now();
        draft.expires_at = draft.updated_at.saturating_add(KEPT).unwrap_or(Timestamp::MAX);
        let form = seal_form(ctx, &draft.values)?;
        match ctx.db.write(Update { draft: draft.clone(), form }).await {
            Ok(()) => return Ok(Draft { version: draft.version + 1, ..draft }),
            // Another page of the same draft was saved between our look and our write; ours goes on top of it.
            Err(store::Error::Conflict(_)) => {}
            Err(e) => return Err(e.into()),
        }
    }
    Err(store::Error::Busy.into())
}

fn merge(draft: &mut Draft, saving: &Saving, city: &City) {
    for (name, value) in &saving.values {
        draft.values.insert(name.clone(), value.clone());
    }
    if let Some(step) = &saving.step {
        draft.step.clone_from(step);
    }
    if let Some(org) = saving.accepting.filter(|org| city.org(*org).is_some()) {
        draft.accepting = Some(org);
    }
    let items = saving.items.as_ref().filter(|items| !items.is_empty() && items.len() <= MOST_ITEMS);
    if let Some(items) = items.filter(|items| items.iter().all(|id| city.item(*id).is_some())) {
        draft.items.clone_from(items);
    }
    if let Owner::Staff(_) = draft.owner {
        draft.applicant = saving.applicant.or(draft.applicant);
        draft.happened_at = saving.happened_at.or(draft.happened_at);
    }
}

/// Lets an item in or out; what does not go together stays apart.
fn regroup(draft: &mut Draft, saving: &Saving, city: &City) -> Result<(), IntakeError> {
    if let Some(item) = saving.join {
        draft.items.push(city.item(item).ok_or(IntakeError::NoItem)?.id);
    }
    if let Some(item) = saving.part.filter(|_| draft.items.len() > 1) {
        draft.items.retain(|known| *known != item);
    }
    let changed = saving.join.is_some() || saving.items.is_some();
    match apart(&draft.items_in(city), draft.channel, draft.applicant).filter(|_| changed) {
        Some(why) => Err(IntakeError::Apart(why)),
        None => Ok(()),
    }
}

struct Expired(Timestamp);

impl Work for Expired {
    type Out = u64;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<u64> {
        let drafts: Vec<(Uuid,)> = tx.all(sql::EXPIRED, &[self.0.into(), FORGOTTEN_AT_ONCE.into()]).await?;
        for (id,) in &drafts {
            tx.exec(sql::DROP_UPLOADS, &[id.into()]).await?;
            tx.exec(sql::FORGET_DRAFT, &[id.into()]).await?;
        }
        Ok(drafts.len() as u64)
    }
}

/// Forgets drafts nobody came back to, and the receipts of those that were submitted; says how many.
///
/// # Errors
/// When the data cannot be written.
pub async fn forget_expired(ctx: &Ctx) -> store::Result<u64> {
    let mut forgotten = 0;
    loop {
        let now = ctx.db.write(Expired(ctx.now())).await?;
        forgotten += now;
        if now < u64::from(FORGOTTEN_AT_ONCE) {
            return Ok(forgotten);
        }
    }
}

struct Discard(Uuid);

impl Work for Discard {
    type Out = ();
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        tx.exec(sql::DROP_UPLOADS, &[self.0.into()]).await?;
        tx.exec(sql::DROP_DRAFT, &[self.0.into()]).await.map(drop)
    }
}

/// Throws a draft away, because its owner says so.
///
/// # Errors
/// [`IntakeError::Absent`], [`IntakeError::Submitted`].
pub async fn discard(ctx: &Ctx, owner: Owner, id: Uuid) -> Result<(), IntakeError> {
    let draft = open(ctx, owner, id).await?;
    if draft.application.is_some() {
        return Err(IntakeError::Submitted);
    }
    Ok(ctx.db.write(Discard(draft.id)).await?)
}
