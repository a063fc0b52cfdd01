//! Staff accounts on the one road: what happens to one is an event in its stream; the row and the posts are its fold.

use super::by::By;
use super::{secret, sql, token, waits};
use crate::Ctx;
use crate::run::{Aggregate, commit};
use crate::web::Fault;
use domain::identity::{
    Post, StaffAccount, StaffCommand, StaffEvent, StaffFacts, StaffRefusal, apply, check_login, decide,
};
use domain::kernel::{OrgId, StaffId};
use domain::rights::Role;
use jiff::Timestamp;
use store::{FromRow, Row, Tx, Work};
use uuid::Uuid;

/// An account with its id and its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRecord {
    /// Whose it is.
    pub id: StaffId,
    /// How many events its stream has.
    pub version: i64,
    /// The fold of its events.
    pub account: StaffAccount,
}

impl FromRow for AccountRecord {
    fn from_row(row: &Row<'_>) -> store::Result<Self> {
        let state: String = row.get(2)?;
        Ok(Self { id: row.get::<Uuid>(0)?.into(), version: row.get(1)?, account: parsed(&state)? })
    }
}

/// The account from the `state` of its row.
pub(super) fn parsed(state: &str) -> store::Result<StaffAccount> {
    serde_json::from_str(state).map_err(|e| store::Error::Corrupt(format!("state of a staff account: {e}")))
}

impl Aggregate for AccountRecord {
    const STREAM: &'static str = "staff";
    type Event = StaffEvent;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn kind(event: &StaffEvent) -> &'static str {
        event.fact.kind()
    }

    fn happened_at(event: &StaffEvent) -> Timestamp {
        event.at
    }

    fn apply(self, event: &StaffEvent) -> Self {
        Self { id: self.id, version: self.version + 1, account: apply(self.account, event) }
    }

    async fn save(&self, tx: &Tx, was: i64) -> store::Result<()> {
        let a = &self.account;
        let state = serde_json::to_string(a).map_err(|e| store::Error::Other(e.to_string()))?;
        let id = self.id.uuid();
        if was == 0 {
            let row = [
                id.into(),
                self.version.into(),
                (&a.login).into(),
                (&a.name).into(),
                a.open.into(),
                (&state).into(),
            ];
            tx.exec(sql::INSERT_STAFF, &row).await?;
        } else {
            let row = [
                id.into(),
                was.into(),
                self.version.into(),
                (&a.login).into(),
                (&a.name).into(),
                a.open.into(),
                (&state).into(),
            ];
            if tx.exec(sql::UPDATE_STAFF, &row).await? != 1 {
                return Err(store::Error::Conflict("the account was changed meanwhile".into()));
            }
        }
        tx.exec(sql::DROP_POSTS, &[id.into()]).await?;
        for (post, staff, role, org, path) in self.post_rows()? {
            let row = [post.into(), staff.into(), (&role).into(), org.into(), (&path).into()];
            tx.exec(sql::INSERT_POST, &row).await?;
        }
        Ok(())
    }
}

/// Why an account was not changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The rules do not allow it; says what to do instead.
    #[error("{0}")]
    Refused(StaffRefusal),
    /// Somebody else has this login name.
    #[error("这个登录名已经有人用，请换一个")]
    LoginTaken,
    /// The data could not be read or written.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<StaffRefusal> for AccountError {
    fn from(refusal: StaffRefusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<AccountError> for Fault {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Store(error) => error.into(),
            refused => Self::bad_request("account", refused.to_string()),
        }
    }
}

/// Changes of one account in one transaction, with what is kept beside its fold.
pub(super) struct Change {
    pub id: StaffId,
    pub commands: Vec<StaffCommand>,
    /// The hash of a new password.
    pub password: Option<String>,
    pub by: By,
    pub now: Timestamp,
}

impl Change {
    async fn before(&self, tx: &Tx) -> Result<AccountRecord, AccountError> {
        let Some(StaffCommand::Open { login, .. }) = self.commands.first() else {
            return Ok(tx.one(sql::STAFF_BY_ID, &[self.id.uuid().into()]).await?);
        };
        let login = check_login(login)?;
        if tx.opt::<(Uuid,)>(sql::STAFF_ID_BY_LOGIN, &[(&login).into()]).await?.is_some() {
            return Err(AccountError::LoginTaken);
        }
        Ok(AccountRecord { id: self.id, version: 0, account: StaffAccount::default() })
    }
}

impl Work for Change {
    type Out = AccountRecord;
    type Err = AccountError;

    async fn run(&self, tx: &Tx) -> Result<AccountRecord, AccountError> {
        let before = self.before(tx).await?;
        let facts = StaffFacts { at: self.now, of: self.id, by: self.by.staff };
        let (mut events, mut account) = (Vec::new(), before.account.clone());
        for command in &self.commands {
            let decided = decide(&account, command, facts)?;
            account = decided.iter().fold(account, apply);
            events.extend(decided);
        }
        let after = commit(tx, before, &events, &self.by.stamp(self.now)).await?;
        let id = self.id.uuid();
        if let Some(hash) = &self.password {
            tx.exec(sql::SET_STAFF_PASSWORD, &[id.into(), hash.into()]).await?;
        }
        for command in &self.commands {
            if ends_sessions(command) {
                tx.exec(sql::DROP_SESSIONS_OF, &[id.into()]).await?;
            }
            match command {
                StaffCommand::RemoveSecondFactor => {
                    tx.exec(sql::SET_TOTP, &[id.into(), store::Val::Null, 0_i64.into()]).await?;
                }
                StaffCommand::Unlock | StaffCommand::ResetPassword => {
                    for subject in subjects(&after) {
                        waits::forget(tx, &subject, self.now).await?;
                    }
                }
                _ => {}
            }
        }
        Ok(after)
    }
}

/// Whose wrong tries stand in the way of this account.
fn subjects(record: &AccountRecord) -> [waits::Subject; 2] {
    [
        waits::subject(token::Side::Staff.kind(), &record.account.login),
        waits::subject("second", &record.id.to_string()),
    ]
}

/// After these whoever is signed in with the account must sign in again; rights change at once anyway.
fn ends_sessions(command: &StaffCommand) -> bool {
    use StaffCommand::{ChangePassword, Close, RemoveSecondFactor, ResetPassword};
    matches!(command, Close { .. } | ResetPassword | ChangePassword | RemoveSecondFactor)
}

/// Carries out a command on an account; on the disk when it answers.
///
/// # Errors
/// [`AccountError`]; [`AccountError::Store`] also when there is no such account.
pub async fn act(
    ctx: &Ctx,
    id: StaffId,
    command: StaffCommand,
    by: By,
) -> Result<AccountRecord, AccountError> {
    ctx.db.write(Change { id, commands: vec![command], password: None, by, now: ctx.now() }).await
}

/// A new account and the first password, which is shown once and kept nowhere.
#[derive(Clone)]
pub struct NewStaff {
    /// The account.
    pub id: StaffId,
    /// The name typed to sign in.
    pub login: String,
    /// The first password; must be changed at the first sign-in.
    pub password: String,
}

/// Opens an account with posts at organisations of the city and a random first password.
///
/// # Errors
/// A [`Fault`] with a sentence: the login name is taken or unusable, the posts cannot be held together, an organisation
/// does not exist.
pub async fn create_staff(
    ctx: &Ctx,
    login: &str,
    name: &str,
    posts: &[(Role, OrgId)],
    by: By,
) -> Result<NewStaff, Fault> {
    let id = StaffId(ctx.new_uuid());
    let (password, hash) = first_password(ctx).await?;
    let mut commands = vec![StaffCommand::Open { login: login.to_owned(), name: name.to_owned() }];
    for (role, org) in posts {
        commands.push(StaffCommand::Give(new_post(ctx, *role, *org)?));
    }
    let change = Change { id, commands, password: Some(hash), by, now: ctx.now() };
    let record = ctx.db.write(change).await?;
    Ok(NewStaff { id, login: record.account.login, password })
}

/// A post at an organisation of the city.
///
/// # Errors
/// When there is no such organisation.
pub fn new_post(ctx: &Ctx, role: Role, org: OrgId) -> Result<Post, Fault> {
    let city = ctx.city();
    let found = city.org(org).ok_or_else(|| Fault::bad_request("org", "没有这个机构，请从列表里重新选"))?;
    Ok(Post { id: ctx.new_uuid(), role, org, at: found.path.clone() })
}

/// Sets a random password that must be changed, ends all sessions and lifts a wait; yields the password.
///
/// # Errors
/// [`Fault`] with a sentence.
pub async fn reset_password(ctx: &Ctx, id: StaffId, by: By) -> Result<String, Fault> {
    let (password, hash) = first_password(ctx).await?;
    let commands = vec![StaffCommand::ResetPassword];
    ctx.db.write(Change { id, commands, password: Some(hash), by, now: ctx.now() }).await?;
    Ok(password)
}

async fn first_password(ctx: &Ctx) -> Result<(String, String), Fault> {
    let password = secret::draw(ctx);
    let hash = secret::hash(ctx, &password).await?;
    Ok((password, hash))
}

struct ById(StaffId);

impl Work for ById {
    type Out = Option<AccountRecord>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Option<AccountRecord>> {
        tx.opt(sql::STAFF_BY_ID, &[self.0.uuid().into()]).await
    }
}

/// The account with that id, if there is one.
///
/// # Errors
/// When the data cannot be read.
pub async fn find(ctx: &Ctx, id: StaffId) -> store::Result<Option<AccountRecord>> {
    ctx.db.read(ById(id)).await
}

struct ByLogin(String);

impl Work for ByLogin {
    type Out = Option<(Uuid,)>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        tx.opt(sql::STAFF_ID_BY_LOGIN, &[(&self.0).into()]).await
    }
}

/// Who signs in by that name, if anybody does.
///
/// # Errors
/// When the data cannot be read.
pub async fn staff_by_login(ctx: &Ctx, login: &str) -> store::Result<Option<StaffId>> {
    let Ok(login) = check_login(login) else { return Ok(None) };
    Ok(ctx.db.read(ByLogin(login)).await?.map(|(id,)| id.into()))
}

/// Keeps a password that the person chose; ends all sessions.
pub(super) async fn set_own_password(
    ctx: &Ctx,
    id: StaffId,
    hash: String,
    by: By,
) -> Result<(), AccountError> {
    let commands = vec![StaffCommand::ChangePassword];
    ctx.db.write(Change { id, commands, password: Some(hash), by, now: ctx.now() }).await.map(drop)
}

struct PasswordOf(StaffId);

impl Work for PasswordOf {
    type Out = Option<(String,)>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        tx.opt(sql::STAFF_PASSWORD, &[self.0.uuid().into()]).await
    }
}

/// The hash of an account's password.
pub(super) async fn password_hash(ctx: &Ctx, id: StaffId) -> store::Result<Option<String>> {
    Ok(ctx.db.read(PasswordOf(id)).await?.map(|(hash,)| hash))
}
