//! Tokens of clients (RFC 6749 §4.4): 256 random bits for an hour, kept as a digest.

use super::{ClientRecord, parsed, sql};
use crate::Ctx;
use crate::identity::token::{self, TokenHash};
use domain::identity::{ApiClient, ClientScope, ClientScopes};
use domain::kernel::time::legal_day;
use jiff::{SignedDuration, Timestamp};
use store::{FromRow, Row, Tx, Work};
use uuid::Uuid;

/// How long a token holds.
pub const TOKEN_LIFE: SignedDuration = SignedDuration::from_hours(1);
/// Ended tokens forgotten in one transaction.
const AT_ONCE: u32 = 500;
/// Counts of earlier days are kept so long.
const USAGE_KEPT: SignedDuration = SignedDuration::from_hours(24 * 30);

/// Why no token was given, in the words of RFC 6749 §5.2.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// No such client, another secret, or a closed client: all answer the same.
    #[error("client_id 或 client_secret 不对，或者这个接入系统已停用。请向本市的系统管理员核对")]
    Client,
    /// A scope that is not known, or was not given to the client.
    #[error("这个接入系统没有所要的授权范围。请只要已经批准的，或者请安全管理员增加")]
    Scope,
    /// The data could not be read or written.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// A token and what it allows.
pub struct Granted {
    /// The token, told once.
    pub token: String,
    /// What it allows.
    pub scopes: ClientScopes,
}

struct Kept {
    record: ClientRecord,
    secret: Option<Vec<u8>>,
}

impl FromRow for Kept {
    fn from_row(row: &Row<'_>) -> store::Result<Self> {
        Ok(Self { record: ClientRecord::from_row(row)?, secret: row.get(3)? })
    }
}

struct WithSecret(Uuid);

impl Work for WithSecret {
    type Out = Option<Kept>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        tx.opt(sql::CLIENT_SECRET, &[self.0.into()]).await
    }
}

struct Add {
    token: TokenHash,
    client: Uuid,
    scopes: String,
    until: Timestamp,
}

impl Work for Add {
    type Out = ();
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        let row = [(&self.token).into(), self.client.into(), (&self.scopes).into(), self.until.into()];
        tx.exec(sql::ADD_TOKEN, &row).await.map(drop)
    }
}

/// Scopes as a token request writes them: names with blanks between.
///
/// # Errors
/// [`TokenError::Scope`] when a name is not known.
fn wanted(text: &str) -> Result<ClientScopes, TokenError> {
    text.split_ascii_whitespace().map(|word| ClientScope::of(word).ok_or(TokenError::Scope)).collect()
}

/// Scopes as rows and answers write them.
fn words(scopes: &ClientScopes) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
}

impl Granted {
    /// What it allows, names with blanks between.
    #[must_use]
    pub fn scope(&self) -> String {
        words(&self.scopes)
    }
}

/// A token for a client that shows its secret; `scope` empty asks for everything it was given.
///
/// # Errors
/// [`TokenError`].
pub async fn grant(ctx: &Ctx, client: &str, secret: &str, scope: &str) -> Result<Granted, TokenError> {
    let id = client.parse::<Uuid>().map_err(|_| TokenError::Client)?;
    let kept = ctx.db.read(WithSecret(id)).await?.ok_or(TokenError::Client)?;
    // Digests of 256 random bits: how long their comparison takes tells nothing that could be used.
    let fits = kept.secret.as_deref() == Some(token::hash(secret).as_slice());
    if !fits || !kept.record.client.open {
        return Err(TokenError::Client);
    }
    let mut scopes = wanted(scope)?;
    if !scopes.is_subset(&kept.record.client.scopes) {
        return Err(TokenError::Scope);
    }
    if scopes.is_empty() {
        scopes = kept.record.client.scopes;
    }
    let drawn = format!("jbt_{}", token::draw(ctx));
    let until = ctx.now().saturating_add(TOKEN_LIFE).unwrap_or(Timestamp::MAX);
    let granted = Granted { token: drawn, scopes };
    ctx.db
        .write(Add { token: token::hash(&granted.token), client: id, scopes: granted.scope(), until })
        .await?;
    Ok(granted)
}

pub(super) struct ByToken(pub TokenHash);

impl Work for ByToken {
    type Out = Option<(String, Timestamp, Uuid, String)>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        tx.opt(sql::TOKEN, &[(&self.0).into()]).await
    }
}

/// The client of a token that holds, with the scopes that both have.
pub(super) async fn holder(ctx: &Ctx, token: &str) -> store::Result<Option<(Uuid, ApiClient, ClientScopes)>> {
    let Some((scopes, until, id, state)) = ctx.db.read(ByToken(token::hash(token))).await? else {
        return Ok(None);
    };
    let client = parsed(&state)?;
    if until <= ctx.now() || !client.open {
        return Ok(None);
    }
    // What was taken from the client meanwhile is taken from its tokens too.
    let own = scopes.split_ascii_whitespace().filter_map(ClientScope::of);
    let scopes = own.filter(|scope| client.scopes.contains(scope)).collect();
    Ok(Some((id, client, scopes)))
}

struct Forget {
    now: Timestamp,
    day: String,
}

impl Work for Forget {
    type Out = u64;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<u64> {
        let days = tx.exec(sql::FORGET_USAGE, &[(&self.day).into()]).await?;
        Ok(days + tx.exec(sql::FORGET_TOKENS, &[self.now.into(), AT_ONCE.into()]).await?)
    }
}

/// Forgets tokens that hold no longer and counts of long ago; says how many.
///
/// # Errors
/// When the data cannot be written.
pub async fn forget_ended(ctx: &Ctx) -> store::Result<u64> {
    let now = ctx.now();
    let day = legal_day(now.saturating_sub(USAGE_KEPT).unwrap_or(Timestamp::MIN)).to_string();
    let mut forgotten = 0;
    loop {
        let some = ctx.db.write(Forget { now, day: day.clone() }).await?;
        forgotten += some;
        if some < u64::from(AT_ONCE) {
            return Ok(forgotten);
        }
    }
}
