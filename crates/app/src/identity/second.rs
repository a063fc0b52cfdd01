//! The second factor: six digits from an authenticator app (TOTP, RFC 6238), each taken once.

use super::By;
use super::account::{AccountError, AccountRecord};
use super::sql;
use crate::Ctx;
use crate::run::commit;
use crate::web::{Fault, Trace};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::identity::{StaffCommand, StaffFacts, decide};
use domain::kernel::StaffId;
use jiff::Timestamp;
use qrcode::{QrCode, render::svg};
use store::{Tx, Work};
use totp_rs::{Builder, Secret, Totp};

const FIELD: &str = "staff_account.totp";
#[cfg(test)]
const SECONDS: u64 = 30;

fn totp(base32: &str, login: &str) -> Result<Totp, Fault> {
    let secret = Secret::try_from_base32(base32).map_err(Fault::internal)?;
    let builder = Builder::new().with_secret(secret).with_account_name(login).with_issuer(Some("近办"));
    builder.build().map_err(Fault::internal)
}

fn seconds(ctx: &Ctx) -> u64 {
    u64::try_from(ctx.now().as_second()).unwrap_or(0)
}

/// A new key while it is being set up: what the page shows, and the sealed form that comes back with the code.
pub struct Offer {
    /// The address of the QR picture, a `data:` address.
    pub picture: String,
    /// The key for typing, in groups of four.
    pub key: String,
    /// The key, sealed, bound to the account.
    pub sealed: String,
}

/// Offers a new key, or the one offered before.
pub fn offer(ctx: &Ctx, id: StaffId, login: &str, before: &str) -> Result<Offer, Fault> {
    let base32 = match opened(ctx, id, before) {
        Some(base32) => base32,
        None => {
            let mut bytes = [0u8; 20];
            ctx.entropy.fill(&mut bytes);
            Secret::from(bytes).to_base32()
        }
    };
    let address = totp(&base32, login)?.to_url().map_err(Fault::internal)?;
    let code = QrCode::new(address.as_bytes()).map_err(Fault::internal)?;
    let drawing = code.render::<svg::Color<'_>>().min_dimensions(220, 220).build();
    let letters: Vec<char> = base32.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    Ok(Offer {
        picture: format!("data:image/svg+xml;base64,{}", STANDARD.encode(drawing)),
        key: groups.join(" "),
        sealed: STANDARD.encode(ctx.seal(FIELD, &format!("{id} {base32}"))),
    })
}

/// The key from its sealed form, if it was offered to this account.
fn opened(ctx: &Ctx, id: StaffId, sealed: &str) -> Option<String> {
    let bytes = STANDARD.decode(sealed).ok()?;
    let text = ctx.sealer.open(FIELD, &bytes).ok()?;
    text.strip_prefix(&format!("{id} ")).map(str::to_owned)
}

/// The code as digits only; people type it in two groups.
fn digits(code: &str) -> String {
    code.chars().filter(char::is_ascii_digit).collect()
}

struct SetUp {
    id: StaffId,
    sealed: Vec<u8>,
    step: i64,
    trace: String,
    now: Timestamp,
}

impl Work for SetUp {
    type Out = ();
    type Err = AccountError;

    async fn run(&self, tx: &Tx) -> Result<(), AccountError> {
        let record: AccountRecord = tx.one(sql::STAFF_BY_ID, &[self.id.uuid().into()]).await?;
        let facts = StaffFacts { at: self.now, of: self.id, by: Some(self.id) };
        let events = decide(&record.account, &StaffCommand::SetSecondFactor, facts)?;
        let stamp = By::account(self.id, &self.trace).stamp(self.now);
        commit(tx, record, &events, &stamp).await?;
        let row = [self.id.uuid().into(), (&self.sealed).into(), self.step.into()];
        tx.exec(sql::SET_TOTP, &row).await?;
        Ok(())
    }
}

/// Sets up the key offered, when the code belongs to it.
pub async fn set_up(
    ctx: &Ctx,
    trace: &Trace,
    id: StaffId,
    login: &str,
    sealed: &str,
    code: &str,
) -> Result<bool, Fault> {
    let Some(base32) = opened(ctx, id, sealed) else { return Ok(false) };
    let Some(step) = totp(&base32, login)?.check(&digits(code), seconds(ctx)) else { return Ok(false) };
    let sealed = ctx.seal(FIELD, &format!("{id} {base32}"));
    let step = i64::try_from(step).unwrap_or(i64::MAX);
    ctx.db.write(SetUp { id, sealed, step, trace: trace.to_string(), now: ctx.now() }).await?;
    Ok(true)
}

struct KeyOf(StaffId);

impl Work for KeyOf {
    type Out = Option<(Option<Vec<u8>>,)>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        tx.opt(sql::TOTP_OF, &[self.0.uuid().into()]).await
    }
}

struct UseStep(StaffId, i64);

impl Work for UseStep {
    type Out = bool;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<bool> {
        Ok(tx.exec(sql::USE_TOTP_STEP, &[self.0.uuid().into(), self.1.into()]).await? == 1)
    }
}

/// Whether the code is the account's and was not used before; from now on it is.
pub async fn uses(ctx: &Ctx, id: StaffId, code: &str) -> Result<bool, Fault> {
    let Some((Some(sealed),)) = ctx.db.read(KeyOf(id)).await? else { return Ok(false) };
    let text = ctx.sealer.open(FIELD, &sealed)?;
    let base32 = text.split(' ').next_back().unwrap_or_default();
    let Some(step) = totp(base32, "")?.check(&digits(code), seconds(ctx)) else { return Ok(false) };
    Ok(ctx.db.write(UseStep(id, i64::try_from(step).unwrap_or(i64::MAX))).await?)
}

/// The code that an app with this key shows at an instant; for tests and for trying a set-up.
#[cfg(test)]
pub fn code_at(key: &str, at: Timestamp) -> Result<String, Fault> {
    let time = u64::try_from(at.as_second()).unwrap_or(0) / SECONDS * SECONDS;
    Ok(totp(&key.replace(' ', ""), "")?.generate(time).to_string())
}
