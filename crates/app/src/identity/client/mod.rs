//! Clients 接入系统 on the one road: what happens to one is an event in its stream; the row is its fold. The secret is drawn
//! here, shown once, and kept as a digest.

mod extract;
mod named;
mod quota;
pub mod sql;
#[cfg(test)]
mod tests;
mod token;

pub use extract::Client;
pub(crate) use extract::admit;
pub use named::open_named;
pub use quota::{Allowance, Quotas};
pub use token::{Granted, TOKEN_LIFE, TokenError, forget_ended, grant};

use super::By;
use super::token as drawing;
use crate::Ctx;
use crate::proof::Proven;
use crate::run::{Aggregate, commit};
use crate::web::Fault;
use domain::identity::{
    ApiClient, ClientCommand, ClientEvent, ClientRefusal, ClientScopes, apply_client, decide_client,
};
use domain::kernel::OrgId;
use jiff::Timestamp;
use store::{FromRow, Row, Tx, Work};
use uuid::Uuid;

/// A client with its id and its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientRecord {
    /// Which; also what it calls itself when it asks for a token.
    pub id: Uuid,
    /// How many events its stream has.
    pub version: i64,
    /// The fold of its events.
    pub client: ApiClient,
}

fn parsed(state: &str) -> store::Result<ApiClient> {
    serde_json::from_str(state).map_err(|e| store::Error::Corrupt(format!("state of a client: {e}")))
}

impl FromRow for ClientRecord {
    fn from_row(row: &Row<'_>) -> store::Result<Self> {
        let state: String = row.get(2)?;
        Ok(Self { id: row.get(0)?, version: row.get(1)?, client: parsed(&state)? })
    }
}

impl Aggregate for ClientRecord {
    const STREAM: &'static str = "client";
    type Event = ClientEvent;

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn kind(event: &ClientEvent) -> &'static str {
        event.fact.kind()
    }

    fn happened_at(event: &ClientEvent) -> Timestamp {
        event.at
    }

    fn apply(self, event: &ClientEvent) -> Self {
        Self { id: self.id, version: self.version + 1, client: apply_client(self.client, event) }
    }

    async fn save(&self, tx: &Tx, was: i64) -> store::Result<()> {
        let c = &self.client;
        let state = serde_json::to_string(c).map_err(|e| store::Error::Other(e.to_string()))?;
        let open = c.open.into();
        if was == 0 {
            let row = [self.id.into(), self.version.into(), (&c.name).into(), open, (&state).into()];
            return tx.exec(sql::INSERT_CLIENT, &row).await.map(drop);
        }
        let row = [self.id.into(), was.into(), self.version.into(), (&c.name).into(), open, (&state).into()];
        match tx.exec(sql::UPDATE_CLIENT, &row).await? {
            1 => Ok(()),
            _ => Err(store::Error::Conflict("the client was changed meanwhile".into())),
        }
    }
}

impl Proven for ClientRecord {
    const ROWS_AFTER: &'static str = sql::CLIENTS_AFTER;

    fn columns_fit(&self, row: &Row<'_>) -> store::Result<bool> {
        Ok(row.get::<String>(3)? == self.client.name && row.get::<bool>(4)? == self.client.open)
    }

    fn unfolded(&self) -> Self {
        Self { version: 0, client: ApiClient::default(), ..self.clone() }
    }
}

/// Why a client was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The rules do not allow it; says what to do instead.
    #[error("{0}")]
    Refused(ClientRefusal),
    /// There is no such organisation.
    #[error("没有这个机构，请写机构全称，例如“天宁区民政局”")]
    NoOrg,
    /// The data could not be read or written.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<ClientRefusal> for ClientError {
    fn from(refusal: ClientRefusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<ClientError> for Fault {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Store(error) => error.into(),
            refused => Self::bad_request("client", refused.to_string()),
        }
    }
}

/// Changes of one client in one transaction.
struct Change {
    id: Uuid,
    commands: Vec<ClientCommand>,
    /// The digest of a secret drawn with it.
    secret: Option<drawing::TokenHash>,
    by: By,
    now: Timestamp,
}

impl Work for Change {
    type Out = ClientRecord;
    type Err = ClientError;

    async fn run(&self, tx: &Tx) -> Result<ClientRecord, ClientError> {
        let before = match self.commands.first() {
            Some(ClientCommand::Open { .. }) => {
                ClientRecord { id: self.id, version: 0, client: ApiClient::default() }
            }
            _ => tx.one(sql::CLIENT_BY_ID, &[self.id.into()]).await?,
        };
        let (mut events, mut client) = (Vec::new(), before.client.clone());
        for command in &self.commands {
            let decided = decide_client(&client, command, self.now)?;
            client = decided.iter().fold(client, apply_client);
            events.extend(decided);
        }
        if events.is_empty() {
            return Ok(before);
        }
        let after = commit(tx, before, &events, &self.by.stamp(self.now)).await?;
        if let Some(secret) = &self.secret {
            tx.exec(sql::SET_SECRET, &[self.id.into(), secret.into()]).await?;
        }
        let ends = |command: &ClientCommand| {
            matches!(command, ClientCommand::DrawSecret | ClientCommand::Close { .. })
        };
        if self.commands.iter().any(ends) {
            tx.exec(sql::DROP_TOKENS_OF, &[self.id.into()]).await?;
        }
        Ok(after)
    }
}

/// A client and its secret, which is shown once and kept nowhere.
#[derive(Clone)]
pub struct NewSecret {
    /// The client.
    pub record: ClientRecord,
    /// What it shows to get a token.
    pub secret: String,
}

fn draw(ctx: &Ctx) -> String {
    format!("jbs_{}", drawing::draw(ctx))
}

/// Opens a client for an organisation, with scopes when somebody who may give them asks for it.
///
/// # Errors
/// [`ClientError`], each with a sentence.
pub async fn open(
    ctx: &Ctx,
    name: &str,
    org: OrgId,
    scopes: &ClientScopes,
    by: By,
) -> Result<NewSecret, ClientError> {
    let path = ctx.city().org(org).ok_or(ClientError::NoOrg)?.path.clone();
    let mut commands =
        vec![ClientCommand::Open { name: name.to_owned(), org, path }, ClientCommand::DrawSecret];
    if !scopes.is_empty() {
        commands.push(ClientCommand::SetScopes(scopes.clone()));
    }
    let secret = draw(ctx);
    let hash = Some(drawing::hash(&secret));
    let change = Change { id: ctx.new_uuid(), commands, secret: hash, by, now: ctx.now() };
    Ok(NewSecret { record: ctx.db.write(change).await?, secret })
}

/// Draws a new secret; the one before and its tokens hold no longer.
///
/// # Errors
/// [`ClientError`], each with a sentence; not found when there is no such client.
pub async fn draw_secret(ctx: &Ctx, id: Uuid, by: By) -> Result<NewSecret, ClientError> {
    let secret = draw(ctx);
    let hash = Some(drawing::hash(&secret));
    let commands = vec![ClientCommand::DrawSecret];
    let record = ctx.db.write(Change { id, commands, secret: hash, by, now: ctx.now() }).await?;
    Ok(NewSecret { record, secret })
}

/// Carries out any other command on a client.
///
/// # Errors
/// [`ClientError`], each with a sentence; not found when there is no such client.
pub async fn act(ctx: &Ctx, id: Uuid, command: ClientCommand, by: By) -> Result<ClientRecord, ClientError> {
    ctx.db.write(Change { id, commands: vec![command], secret: None, by, now: ctx.now() }).await
}

struct ById(Uuid);

impl Work for ById {
    type Out = Option<ClientRecord>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        tx.opt(sql::CLIENT_BY_ID, &[self.0.into()]).await
    }
}

/// The client with that id, if there is one.
///
/// # Errors
/// When the data cannot be read.
pub async fn find(ctx: &Ctx, id: Uuid) -> store::Result<Option<ClientRecord>> {
    ctx.db.read(ById(id)).await
}

struct After(Uuid, u32);

impl Work for After {
    type Out = Vec<ClientRecord>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        tx.all(sql::CLIENTS_AFTER, &[self.0.into(), self.1.into()]).await
    }
}

/// At most `limit` clients after this id, in the order in which they were opened.
///
/// # Errors
/// When the data cannot be read.
pub async fn list(ctx: &Ctx, after: Uuid, limit: u32) -> store::Result<Vec<ClientRecord>> {
    ctx.db.read(After(after, limit)).await
}
