//! Signing in as staff: name and password, then whatever is still to be done before everything is open.

use super::account::{AccountError, AccountRecord, By, parsed};
use super::{session, sql, token};
use crate::Ctx;
use crate::run::commit;
use domain::identity::{StaffAccount, StaffCommand, StaffFacts, decide};
use domain::kernel::StaffId;
use jiff::Timestamp;
use store::{Tx, Work};
use uuid::Uuid;

struct ByLogin(String);

impl Work for ByLogin {
    type Out = Option<(AccountRecord, String)>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        let found: Option<(Uuid, i64, String, String)> =
            tx.opt(sql::STAFF_BY_LOGIN, &[(&self.0).into()]).await?;
        let Some((id, version, state, password)) = found else { return Ok(None) };
        Ok(Some((AccountRecord { id: id.into(), version, account: parsed(&state)? }, password)))
    }
}

/// The account with that login name and the hash of its password.
pub(super) async fn by_login(ctx: &Ctx, login: &str) -> store::Result<Option<(AccountRecord, String)>> {
    ctx.db.read(ByLogin(login.to_owned())).await
}

/// Opens a session at the step of the sign-in that comes next, and notes the sign-in when it is the last one.
pub(super) struct Enter {
    pub id: StaffId,
    /// The second factor was given in this sign-in.
    pub second_given: bool,
    /// The session that this one takes the place of.
    pub old: Option<token::TokenHash>,
    pub hash: token::TokenHash,
    pub trace: String,
    pub now: Timestamp,
}

impl Work for Enter {
    type Out = session::Step;
    type Err = AccountError;

    async fn run(&self, tx: &Tx) -> Result<session::Step, AccountError> {
        let record: AccountRecord = tx.one(sql::STAFF_BY_ID, &[self.id.uuid().into()]).await?;
        if let Some(old) = &self.old {
            tx.exec(sql::DROP_SESSION, &[old.into()]).await?;
        }
        let step = next_step(&record.account, self.second_given, self.now);
        session::open(tx, token::Side::Staff, self.id.uuid(), step, &self.hash, self.now).await?;
        if step == session::Step::Full {
            let by = By::account(self.id, &self.trace);
            let facts = StaffFacts { at: self.now, of: self.id, by: Some(self.id) };
            let events = decide(&record.account, &StaffCommand::SignIn, facts)?;
            commit(tx, record, &events, &by.stamp(self.now)).await?;
        }
        Ok(step)
    }
}

/// What is still to be done: the second factor before the password is changed, so that a stolen password changes nothing.
fn next_step(account: &StaffAccount, second_given: bool, now: Timestamp) -> session::Step {
    if account.second_factor && !second_given {
        session::Step::Second
    } else if account.needs_new_password(now) {
        session::Step::Password
    } else if account.needs_second_factor() && !account.second_factor {
        session::Step::Enrol
    } else {
        session::Step::Full
    }
}
