//! Accounts of citizens and firms. Who somebody is, is proven by a [`Provider`]: today by [`Builtin`], with accounts of our
//! own; a provider of the province (OpenID Connect) takes its place without any page noticing.
//!
//! A firm has no password of its own: a person signs in as themselves and then acts for the firm, so that whoever knows
//! a firm's secret never sees the private matters of the person who acts for it.

use super::By;
use super::form::Posted;
use super::person::{Note, PersonError, PersonFact, PersonRecord, Register, index_of, phone_index};
use super::persons::{Assurance, NewPerson};
use super::session::{self, Step};
use super::token::{Side, TokenHash};
use super::{secret, sql, waits};
use crate::Ctx;
use crate::web::{Fault, Trace};
use domain::identity::{Document, DocumentKind, PasswordRule, check_password};
use domain::kernel::CitizenId;
use domain::kernel::identity::Phone;
use domain::kernel::time::legal_day;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use store::{Tx, Work};
use uuid::Uuid;

/// What a browser brings to prove who its user is: the fields of a form, or the parameters of a return from elsewhere.
#[derive(Debug, Clone, Default)]
pub struct Claim(pub Posted);

/// Who it is, as far as the provider vouches.
#[derive(Debug, Clone)]
pub struct Proven {
    /// The person.
    pub person: Uuid,
    /// Whose wrong tries are forgotten.
    forgive: Option<waits::Subject>,
}

impl Proven {
    /// A person whom a provider elsewhere vouches for.
    #[must_use]
    pub fn elsewhere(person: Uuid) -> Self {
        Self { person, forgive: None }
    }
}

/// Proves who a citizen is.
pub trait Provider: Send + Sync {
    /// The person, or the sentence that says why not and what to do.
    fn prove<'a>(
        &'a self,
        ctx: &'a Ctx,
        claim: &'a Claim,
    ) -> BoxFuture<'a, Result<Result<Proven, String>, Fault>>;
}

/// Accounts kept here: phone or document number, and password.
#[derive(Debug, Clone, Copy, Default)]
pub struct Builtin;

const WRONG: &str = "手机号、证件号码或密码不对，请再试一次。连续输错 5 次要等 15 分钟。";

/// What was typed to sign in, in the form under which accounts are found.
enum Name {
    Phone(Phone),
    Document(Document),
}

impl Name {
    /// A mobile number, or the number of any document of people.
    fn parse(ctx: &Ctx, typed: &str) -> Option<Self> {
        if let Ok(phone) = Phone::parse(typed)
            && phone.is_mobile()
        {
            return Some(Self::Phone(phone));
        }
        let today = legal_day(ctx.now());
        let mut kinds = DocumentKind::NATURAL.into_iter();
        kinds.find_map(|kind| Document::parse(kind, typed, today).ok()).map(Self::Document)
    }

    fn as_str(&self) -> &str {
        match self {
            Self::Phone(phone) => phone.as_str(),
            Self::Document(document) => document.as_str(),
        }
    }
}

struct Lookup {
    query: &'static str,
    index: Vec<u8>,
}

impl Work for Lookup {
    type Out = Option<(Uuid, String)>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        tx.opt(self.query, &[(&self.index).into()]).await
    }
}

impl Builtin {
    async fn check(ctx: &Ctx, claim: &Claim) -> Result<Result<Proven, String>, Fault> {
        let (typed, password) = (claim.0.get("name"), claim.0.get("password"));
        let name = Name::parse(ctx, typed);
        let subject = waits::subject("citizen", name.as_ref().map_or(typed, Name::as_str));
        if let waits::Try::Wait(until) = waits::count(ctx, subject).await? {
            return Ok(Err(waits::say(until, ctx.now())));
        }
        let found = match &name {
            None => None,
            Some(Name::Phone(phone)) => {
                let index = phone_index(ctx, phone);
                ctx.db.read(Lookup { query: sql::ACCOUNT_BY_PHONE, index }).await?
            }
            Some(Name::Document(document)) => {
                let index = index_of(ctx, document);
                ctx.db.read(Lookup { query: sql::ACCOUNT_BY_DOCUMENT, index }).await?
            }
        };
        let fits = secret::fits(password, found.as_ref().map(|(_, hash)| hash.clone())).await?;
        Ok(match found {
            Some((person, _)) if fits => Ok(Proven { person, forgive: Some(subject) }),
            _ => Err(WRONG.to_owned()),
        })
    }
}

impl Provider for Builtin {
    fn prove<'a>(
        &'a self,
        ctx: &'a Ctx,
        claim: &'a Claim,
    ) -> BoxFuture<'a, Result<Result<Proven, String>, Fault>> {
        Box::pin(Self::check(ctx, claim))
    }
}

struct Enter {
    subject: Uuid,
    forgive: Option<waits::Subject>,
    old: Option<TokenHash>,
    hash: TokenHash,
    now: Timestamp,
}

impl Work for Enter {
    type Out = ();
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        if let Some(old) = &self.old {
            tx.exec(sql::DROP_SESSION, &[old.into()]).await?;
        }
        if let Some(subject) = &self.forgive {
            waits::forget(tx, subject, self.now).await?;
        }
        session::open(tx, Side::Citizen, self.subject, Step::Full, &self.hash, self.now).await
    }
}

/// Opens a session in place of the old one and yields its token.
pub(super) async fn enter(ctx: &Ctx, proven: &Proven, old: Option<TokenHash>) -> Result<String, Fault> {
    let (token, hash) = session::new_token(ctx);
    let (subject, forgive) = (proven.person, proven.forgive);
    ctx.db.write(Enter { subject, forgive, old, hash, now: ctx.now() }).await?;
    Ok(token)
}

/// Acts for a firm from now on, or for oneself again; the firm must be one that the person acts for.
pub(super) async fn act_for(
    ctx: &Ctx,
    me: CitizenId,
    firm: Option<Uuid>,
    old: Option<TokenHash>,
) -> Result<String, Fault> {
    let subject = match firm {
        None => me.uuid(),
        Some(firm) => {
            let mine = super::person::firms_of(ctx, me).await?;
            mine.iter().find(|(id, _)| *id == firm).map(|(id, _)| *id).ok_or_else(Fault::not_found)?
        }
    };
    enter(ctx, &Proven::elsewhere(subject), old).await
}

/// An account to be opened by the person themselves.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The document.
    pub document: Document,
    /// The whole name.
    pub name: String,
    /// The mobile number.
    pub phone: Phone,
}

/// Why no account was opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The password is not good enough.
    #[error("{0}")]
    Password(String),
    /// Too many tries with this document.
    #[error("{0}")]
    Wait(String),
    /// The document is known: it has an account, or another phone was left at the window. Which of them is not told.
    #[error(
        "这个证件号码不能在网上注册：可能已经注册过，可以直接登录；不是您本人注册的，请带证件到就近的服务大厅处理"
    )]
    Known,
    /// The person could not be made known.
    #[error(transparent)]
    Person(#[from] PersonError),
    /// Something else.
    #[error("{}", .0.say)]
    Fault(Fault),
}

impl From<store::Error> for OpenError {
    fn from(error: store::Error) -> Self {
        Self::Person(error.into())
    }
}

impl From<Fault> for OpenError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

struct Open {
    register: Register,
    phone: Vec<u8>,
    password: String,
    by: By,
    now: Timestamp,
}

impl Work for Open {
    type Out = Uuid;
    type Err = OpenError;

    async fn run(&self, tx: &Tx) -> Result<Uuid, OpenError> {
        let record = self.register.on(tx).await.map_err(|error| match error {
            // Which name belongs to a number is nobody's business.
            PersonError::NameDiffers => OpenError::Known,
            other => other.into(),
        })?;
        if record.id != self.register.id {
            let (_, phone): (Vec<u8>, Option<Vec<u8>>) =
                tx.one(sql::PERSON_INDEXES, &[record.id.into()]).await?;
            if record.known.has_account || phone.as_ref() != Some(&self.phone) {
                return Err(OpenError::Known);
            }
        }
        self.keep(tx, &record).await?;
        Ok(record.id)
    }
}

impl Open {
    async fn keep(&self, tx: &Tx, record: &PersonRecord) -> Result<(), OpenError> {
        let taken: Option<(Uuid, String)> = tx.opt(sql::ACCOUNT_BY_PHONE, &[(&self.phone).into()]).await?;
        // A phone shared in a family signs in the account that had it first; the others use their document.
        let phone = if taken.is_none() { Some(&self.phone) } else { None };
        let row = [record.id.into(), (&self.password).into(), phone.into(), self.now.into()];
        tx.exec(sql::INSERT_ACCOUNT, &row).await?;
        let fact = PersonFact::AccountOpened;
        Note { id: record.id, fact, by: self.by.clone(), now: self.now }.on(tx).await?;
        Ok(())
    }
}

/// Opens an account for a person who is not known yet, or who left the same phone at a window.
///
/// # Errors
/// [`OpenError`] with the sentence for the person.
pub async fn open_account(
    ctx: &Ctx,
    new: &NewAccount,
    password: &str,
    trace: &Trace,
) -> Result<Proven, OpenError> {
    let known = [new.phone.as_str(), new.document.as_str()];
    if let Err(doubt) = check_password(password, PasswordRule::CITIZEN, &known) {
        return Err(OpenError::Password(doubt.to_string()));
    }
    let subject = waits::subject("register", new.document.as_str());
    if let waits::Try::Wait(until) = waits::count(ctx, subject).await? {
        return Err(OpenError::Wait(waits::say(until, ctx.now())));
    }
    let by = By::visitor(trace);
    let person = NewPerson {
        document: new.document.clone(),
        name: new.name.clone(),
        phone: Some(new.phone.clone()),
        address: None,
        handler: None,
        assurance: Assurance::Declared,
        as_issued: None,
    };
    let password = secret::hash(ctx, password).await?;
    let register = Register::new(ctx, &person, by.clone());
    let phone = phone_index(ctx, &new.phone);
    let person = ctx.db.write(Open { register, phone, password, by, now: ctx.now() }).await?;
    Ok(Proven { person, forgive: Some(subject) })
}

/// Makes a firm known for which the person acts from now on.
///
/// # Errors
/// [`OpenError::Known`] when somebody else acts for it already.
pub(super) async fn open_firm(
    ctx: &Ctx,
    me: CitizenId,
    document: Document,
    name: String,
    trace: &Trace,
) -> Result<Uuid, OpenError> {
    let subject = waits::subject("register", document.as_str());
    if let waits::Try::Wait(until) = waits::count(ctx, subject).await? {
        return Err(OpenError::Wait(waits::say(until, ctx.now())));
    }
    let firm = NewPerson {
        document,
        name,
        phone: None,
        address: None,
        handler: Some(me),
        assurance: Assurance::Declared,
        as_issued: None,
    };
    let made = match super::person::register(ctx, &firm, By::citizen(me, trace)).await {
        Err(PersonError::NameDiffers) => return Err(OpenError::Known),
        made => made?,
    };
    if made.known.handler == Some(me) { Ok(made.id) } else { Err(OpenError::Known) }
}

struct PasswordOf(Uuid);

impl Work for PasswordOf {
    type Out = Option<(String,)>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        tx.opt(sql::ACCOUNT_PASSWORD, &[self.0.into()]).await
    }
}

struct SetPassword {
    note: Note,
    hash: String,
}

impl Work for SetPassword {
    type Out = ();
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        let id = self.note.id;
        tx.exec(sql::SET_ACCOUNT_PASSWORD, &[id.into(), (&self.hash).into()]).await?;
        tx.exec(sql::DROP_SESSIONS_OF, &[id.into()]).await?;
        self.note.on(tx).await.map(drop)
    }
}

/// Changes the own password; ends all sessions. The error names the field and says what to do.
pub(super) async fn change_password(
    ctx: &Ctx,
    trace: &Trace,
    me: CitizenId,
    old: &str,
    new: &str,
) -> Result<Result<Proven, (&'static str, String)>, Fault> {
    let id = me.uuid();
    let subject = waits::subject("change", &id.to_string());
    if let waits::Try::Wait(until) = waits::count(ctx, subject).await? {
        return Ok(Err(("old", waits::say(until, ctx.now()))));
    }
    let kept = ctx.db.read(PasswordOf(id)).await?.map(|(hash,)| hash);
    if !secret::fits(old, kept).await? {
        return Ok(Err(("old", "现在的密码不对，请再填一次".to_owned())));
    }
    let full = super::person::in_full(ctx, id).await?.ok_or_else(Fault::not_found)?;
    if let Err(doubt) = check_password(new, PasswordRule::CITIZEN, &[&full.phone, &full.document]) {
        return Ok(Err(("new", doubt.to_string())));
    }
    let hash = secret::hash(ctx, new).await?;
    let note = Note { id, fact: PersonFact::PasswordChanged, by: By::citizen(me, trace), now: ctx.now() };
    ctx.db.write(SetPassword { note, hash }).await?;
    Ok(Ok(Proven { person: id, forgive: Some(subject) }))
}
