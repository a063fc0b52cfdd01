//! Who is asking: `Staff` and `Citizen` as arguments of a handler. Whoever is not signed in is sent to the sign-in page
//! and comes back; what was typed into a form comes back too (`super::keep`).

use super::account::parsed;
use super::session::{self, Step};
use super::sql;
use super::token::{self, Side, TokenHash};
use crate::Ctx;
use crate::web::{Fault, local};
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::header::LOCATION;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::identity::{Post, StaffAccount};
use domain::kernel::{CitizenId, LegalPersonId, OrgId, StaffId};
use domain::org::OrgPath;
use domain::rights::{self, Actor, Permission, Relation};
use jiff::Timestamp;
use std::sync::Arc;
use store::{Tx, Work};
use uuid::Uuid;

/// A member of staff who is fully signed in.
#[derive(Debug, Clone)]
pub struct Staff {
    /// Who.
    pub id: StaffId,
    /// The name typed to sign in.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// Their rights.
    pub actor: Actor,
    /// Their posts, the oldest first.
    pub posts: Vec<Post>,
    /// The organisation of the first post; the nil id without any post.
    pub org: OrgId,
    /// Its place in the tree.
    pub at: OrgPath,
    /// Its name.
    pub org_name: String,
}

impl Staff {
    /// Whether the permission is held for what belongs to `target`.
    #[must_use]
    pub fn may(&self, permission: Permission, target: &OrgPath) -> bool {
        rights::decide(&self.actor, permission, target, Relation::Stranger).allowed
    }

    /// Whether the permission is held anywhere at all: for menus and buttons.
    #[must_use]
    pub fn may_somewhere(&self, permission: Permission) -> bool {
        rights::scope(&self.actor, permission) != rights::Scope::None
    }

    fn new(ctx: &Ctx, id: StaffId, account: StaffAccount) -> Self {
        let city = ctx.city();
        let first = account.posts.first();
        let org = first.map_or(OrgId(Uuid::nil()), |post| post.org);
        let at = first.map_or_else(|| OrgPath::root("-"), |post| post.at.clone());
        let org_name = city.org(org).map(|org| org.name.clone()).unwrap_or_default();
        let actor = account.actor(id);
        Self { id, actor, login: account.login, name: account.name, posts: account.posts, org, at, org_name }
    }
}

/// A citizen or a firm that is signed in.
#[derive(Debug, Clone)]
pub struct Citizen {
    /// The natural person who acts.
    pub id: CitizenId,
    /// The firm they act for, when the account is a firm's.
    pub firm: Option<LegalPersonId>,
    /// The name as pages show it: 王*明, or the firm's.
    pub masked: String,
    /// Their rights.
    pub actor: Actor,
}

/// A session of staff whose sign-in is not complete, or is.
#[derive(Debug, Clone)]
pub struct Entering {
    /// Whose.
    pub id: StaffId,
    /// The account.
    pub account: StaffAccount,
    /// What is to be done next.
    pub step: Step,
    /// The session.
    pub hash: TokenHash,
}

/// What the cookies of a request lead to; looked up once a request.
#[derive(Debug, Clone)]
enum Seen<T> {
    Nobody,
    Ended(Uuid),
    Here(T),
}

#[derive(Clone)]
struct StaffSeen(Arc<Seen<Entering>>);

#[derive(Clone)]
struct CitizenSeen(Arc<Seen<Citizen>>);

struct StaffSession(TokenHash);

impl Work for StaffSession {
    type Out = Option<(String, Timestamp, Timestamp, Uuid, String)>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        tx.opt(sql::STAFF_SESSION, &[(&self.0).into()]).await
    }
}

async fn staff_seen(parts: &mut Parts, ctx: &Ctx) -> Result<Arc<Seen<Entering>>, Fault> {
    if let Some(StaffSeen(seen)) = parts.extensions.get() {
        return Ok(Arc::clone(seen));
    }
    let seen = Arc::new(look_up_staff(parts, ctx).await?);
    parts.extensions.insert(StaffSeen(Arc::clone(&seen)));
    Ok(seen)
}

async fn look_up_staff(parts: &Parts, ctx: &Ctx) -> Result<Seen<Entering>, Fault> {
    let Some(hash) = token::of(&parts.headers, Side::Staff, ctx.site.https) else { return Ok(Seen::Nobody) };
    let Some((step, opened_at, seen_at, id, state)) = ctx.db.read(StaffSession(hash)).await? else {
        return Ok(Seen::Nobody);
    };
    let account = parsed(&state)?;
    if !account.open {
        return Ok(Seen::Nobody);
    }
    if session::has_ended(Side::Staff, opened_at, seen_at, ctx.now()) {
        return Ok(Seen::Ended(id));
    }
    session::touch(ctx, hash, seen_at).await;
    Ok(Seen::Here(Entering { id: id.into(), account, step: Step::of(&step), hash }))
}

struct CitizenSession(TokenHash);

impl Work for CitizenSession {
    type Out = Option<(Timestamp, Timestamp, Uuid, String, String)>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        tx.opt(sql::CITIZEN_SESSION, &[(&self.0).into()]).await
    }
}

async fn citizen_seen(parts: &mut Parts, ctx: &Ctx) -> Result<Arc<Seen<Citizen>>, Fault> {
    if let Some(CitizenSeen(seen)) = parts.extensions.get() {
        return Ok(Arc::clone(seen));
    }
    let seen = Arc::new(look_up_citizen(parts, ctx).await?);
    parts.extensions.insert(CitizenSeen(Arc::clone(&seen)));
    Ok(seen)
}

async fn look_up_citizen(parts: &Parts, ctx: &Ctx) -> Result<Seen<Citizen>, Fault> {
    let Some(hash) = token::of(&parts.headers, Side::Citizen, ctx.site.https) else {
        return Ok(Seen::Nobody);
    };
    let Some((opened_at, seen_at, person, masked, state)) = ctx.db.read(CitizenSession(hash)).await? else {
        return Ok(Seen::Nobody);
    };
    if session::has_ended(Side::Citizen, opened_at, seen_at, ctx.now()) {
        return Ok(Seen::Ended(person));
    }
    session::touch(ctx, hash, seen_at).await;
    let known = super::person::parsed(&state)?;
    let (id, firm) = match known.handler {
        Some(handler) => (handler, Some(LegalPersonId(person))),
        None => (CitizenId(person), None),
    };
    Ok(Seen::Here(Citizen { id, firm, masked, actor: Actor::citizen(id.uuid()) }))
}

/// Marks the answer to somebody who must sign in before the form they sent can be taken.
#[derive(Debug, Clone)]
pub(super) struct MustSignIn {
    pub side: Side,
    /// Whose session has ended, when it is known.
    pub was: Option<Uuid>,
}

/// The answer to somebody who must sign in: a page is come back to, a form is kept (`super::keep`).
fn must_sign_in(parts: &Parts, side: Side, was: Option<Uuid>) -> Response {
    let page = if side == Side::Staff { "/staff/login" } else { "/login" };
    if parts.method == Method::GET || parts.method == Method::HEAD {
        let here = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        return go(&with_back(page, here));
    }
    let mut response = Fault::sign_in().into_response();
    response.extensions_mut().insert(MustSignIn { side, was });
    response
}

/// `page?back=here`, percent-encoded.
pub(super) fn with_back(page: &str, here: &str) -> String {
    let here = local(here);
    if here == "/" {
        return page.to_owned();
    }
    let mut address = format!("{page}?back=");
    for byte in here.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                address.push(char::from(byte));
            }
            other => address.push_str(&format!("%{other:02X}")),
        }
    }
    address
}

/// See other: the browser asks for that page next.
pub(super) fn go(to: &str) -> Response {
    match HeaderValue::from_str(to) {
        Ok(to) => (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response(),
        Err(error) => Fault::internal(error).into_response(),
    }
}

/// The page of a step of the sign-in.
pub(super) const fn step_page(step: Step) -> &'static str {
    match step {
        Step::Second | Step::Enrol => "/staff/totp",
        Step::Password => "/staff/password",
        Step::Full => "/staff",
    }
}

impl FromRequestParts<Ctx> for Staff {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Response> {
        let seen = staff_seen(parts, ctx).await.map_err(IntoResponse::into_response)?;
        match &*seen {
            Seen::Here(entering) if entering.step == Step::Full => {
                Ok(Self::new(ctx, entering.id, entering.account.clone()))
            }
            Seen::Here(entering) => {
                let here = parts.uri.path_and_query().map_or("/", |path| path.as_str());
                let back = if parts.method == Method::GET { here } else { "/" };
                Err(go(&with_back(step_page(entering.step), back)))
            }
            Seen::Ended(id) => Err(must_sign_in(parts, Side::Staff, Some(*id))),
            Seen::Nobody => Err(must_sign_in(parts, Side::Staff, None)),
        }
    }
}

impl OptionalFromRequestParts<Ctx> for Staff {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Option<Self>, Response> {
        let seen = staff_seen(parts, ctx).await.map_err(IntoResponse::into_response)?;
        Ok(match &*seen {
            Seen::Here(entering) if entering.step == Step::Full => {
                Some(Self::new(ctx, entering.id, entering.account.clone()))
            }
            _ => None,
        })
    }
}

impl FromRequestParts<Ctx> for Citizen {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Response> {
        let seen = citizen_seen(parts, ctx).await.map_err(IntoResponse::into_response)?;
        match &*seen {
            Seen::Here(citizen) => Ok(citizen.clone()),
            Seen::Ended(id) => Err(must_sign_in(parts, Side::Citizen, Some(*id))),
            Seen::Nobody => Err(must_sign_in(parts, Side::Citizen, None)),
        }
    }
}

impl OptionalFromRequestParts<Ctx> for Citizen {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Option<Self>, Response> {
        let seen = citizen_seen(parts, ctx).await.map_err(IntoResponse::into_response)?;
        Ok(if let Seen::Here(citizen) = &*seen { Some(citizen.clone()) } else { None })
    }
}

impl FromRequestParts<Ctx> for Entering {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Response> {
        let seen = staff_seen(parts, ctx).await.map_err(IntoResponse::into_response)?;
        match &*seen {
            Seen::Here(entering) => Ok(entering.clone()),
            Seen::Ended(id) => Err(must_sign_in(parts, Side::Staff, Some(*id))),
            Seen::Nobody => Err(must_sign_in(parts, Side::Staff, None)),
        }
    }
}
