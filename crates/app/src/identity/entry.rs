//! Signing in as staff: name and password, then whatever is still to be done before everything is open.

use super::By;
use super::account::{self, AccountError, AccountRecord, parsed};
use super::session::{self, Step};
use super::token::{self, Side, TokenHash};
use super::{secret, sql, waits};
use crate::Ctx;
use crate::run::commit;
use crate::web::{Fault, Trace};
use domain::identity::{StaffAccount, StaffCommand, StaffFacts, decide};
use domain::kernel::StaffId;
use jiff::Timestamp;
use store::{Tx, Work};
use uuid::Uuid;

/// What a sign-in comes to.
pub enum Outcome {
    /// Let in: the new token, and what is still to be done.
    In { id: StaffId, token: String, step: Step },
    /// Not let in, with the sentence to say.
    Out(String),
}

/// The one answer to an unknown name, a closed account and a wrong password.
pub const WRONG: &str = "登录名或密码不对，请再试一次。连续输错 5 次要等 15 分钟。";
/// The answer to a wrong code.
const WRONG_CODE: &str = "验证码不对，请等手机上换出新的 6 位数字再填；每个数字只能用一次。";

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

/// Name and password. The same work is done and the same is said whether there is such an account or not.
pub async fn by_password(
    ctx: &Ctx,
    trace: &Trace,
    login: &str,
    password: &str,
    old: Option<TokenHash>,
) -> Result<Outcome, Fault> {
    let login = login.trim().to_ascii_lowercase();
    let subject = waits::subject(Side::Staff.kind(), &login);
    let last = match waits::count(ctx, subject).await? {
        waits::Try::Go { last } => last,
        waits::Try::Wait(until) => return Ok(Outcome::Out(waits::say(until, ctx.now()))),
    };
    let found = ctx.db.read(ByLogin(login)).await?;
    let kept = found.as_ref().filter(|(record, _)| record.account.open).map(|(_, hash)| hash.clone());
    let fits = secret::fits(password, kept).await?;
    match found {
        Some((record, _)) if fits => enter(ctx, trace, record.id, false, old, Some(subject)).await,
        Some((record, _)) if last && record.account.open => {
            note_lock(ctx, record.id, trace).await?;
            Ok(Outcome::Out(WRONG.to_owned()))
        }
        _ => Ok(Outcome::Out(WRONG.to_owned())),
    }
}

/// Writes into the journal that an account waits.
async fn note_lock(ctx: &Ctx, id: StaffId, trace: &Trace) -> Result<(), Fault> {
    account::act(ctx, id, StaffCommand::Lock, By::system(&trace.to_string())).await?;
    Ok(())
}

/// The code of the second factor, taken once.
pub async fn by_code(
    ctx: &Ctx,
    trace: &Trace,
    id: StaffId,
    code: &str,
    old: TokenHash,
) -> Result<Outcome, Fault> {
    let subject = waits::subject("second", &id.to_string());
    let last = match waits::count(ctx, subject).await? {
        waits::Try::Go { last } => last,
        waits::Try::Wait(until) => return Ok(Outcome::Out(waits::say(until, ctx.now()))),
    };
    if super::second::uses(ctx, id, code).await? {
        return enter(ctx, trace, id, true, Some(old), Some(subject)).await;
    }
    if last {
        note_lock(ctx, id, trace).await?;
    }
    Ok(Outcome::Out(WRONG_CODE.to_owned()))
}

/// Opens a session at the step that comes next, in place of the old one: whoever knew the old token knows nothing.
pub async fn enter(
    ctx: &Ctx,
    trace: &Trace,
    id: StaffId,
    second_given: bool,
    old: Option<TokenHash>,
    forgive: Option<waits::Subject>,
) -> Result<Outcome, Fault> {
    let (token, hash) = session::new_token(ctx);
    let work = Enter { id, second_given, old, forgive, hash, trace: trace.to_string(), now: ctx.now() };
    let step = ctx.db.write(work).await?;
    Ok(Outcome::In { id, token, step })
}

struct Enter {
    id: StaffId,
    second_given: bool,
    old: Option<TokenHash>,
    forgive: Option<waits::Subject>,
    hash: TokenHash,
    trace: String,
    now: Timestamp,
}

impl Work for Enter {
    type Out = Step;
    type Err = AccountError;

    async fn run(&self, tx: &Tx) -> Result<Step, AccountError> {
        let record: AccountRecord = tx.one(sql::STAFF_BY_ID, &[self.id.uuid().into()]).await?;
        if let Some(old) = &self.old {
            tx.exec(sql::DROP_SESSION, &[old.into()]).await?;
        }
        if let Some(subject) = &self.forgive {
            waits::forget(tx, subject, self.now).await?;
        }
        let step = next_step(&record.account, self.second_given, self.now);
        session::open(tx, token::Side::Staff, self.id.uuid(), step, &self.hash, self.now).await?;
        if step == Step::Full {
            let by = By::account(self.id, &self.trace);
            let facts = StaffFacts { at: self.now, of: self.id, by: Some(self.id) };
            let events = decide(&record.account, &StaffCommand::SignIn, facts)?;
            commit(tx, record, &events, &by.stamp(self.now)).await?;
        }
        Ok(step)
    }
}

/// What is still to be done: the second factor before the password is changed, so that a stolen password changes nothing.
fn next_step(account: &StaffAccount, second_given: bool, now: Timestamp) -> Step {
    if account.second_factor && !second_given {
        Step::Second
    } else if account.needs_new_password(now) {
        Step::Password
    } else if account.needs_second_factor() && !account.second_factor {
        Step::Enrol
    } else {
        Step::Full
    }
}

/// Changes the own password. Where the sign-in has come to an end already, the old password is asked for again.
///
/// The error is the sentence for the field: first of the old password, then of the new one.
pub async fn change_password(
    ctx: &Ctx,
    trace: &Trace,
    entering: &super::extract::Entering,
    old: &str,
    new: &str,
) -> Result<Result<Outcome, (&'static str, String)>, Fault> {
    let rule = domain::identity::PasswordRule::STAFF;
    if entering.step == Step::Full {
        let subject = waits::subject("change", &entering.id.to_string());
        if let waits::Try::Wait(until) = waits::count(ctx, subject).await? {
            return Ok(Err(("old", waits::say(until, ctx.now()))));
        }
        if !secret::fits(old, account::password_hash(ctx, entering.id).await?).await? {
            return Ok(Err(("old", "现在的密码不对，请再填一次".to_owned())));
        }
    }
    if let Err(doubt) = domain::identity::check_password(new, rule, &[&entering.account.login]) {
        return Ok(Err(("new", doubt.to_string())));
    }
    if secret::fits(new, account::password_hash(ctx, entering.id).await?).await? {
        return Ok(Err(("new", "新密码不能和现在的一样，请换一个".to_owned())));
    }
    let hash = secret::hash(ctx, new).await?;
    let by = By::account(entering.id, &trace.to_string());
    account::set_own_password(ctx, entering.id, hash, by).await?;
    let forgive = Some(waits::subject("change", &entering.id.to_string()));
    enter(ctx, trace, entering.id, true, Some(entering.hash), forgive).await.map(Ok)
}
