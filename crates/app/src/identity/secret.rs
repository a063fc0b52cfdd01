//! Password hashes: Argon2id with the library's recommended cost (19 MiB, two passes), never on the threads that serve
//! requests, and never more at a time than the machine can take.

use crate::Ctx;
use crate::web::Fault;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use std::sync::OnceLock;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Hashes computed at the same time; each takes 19 MiB and a core for some 20 ms.
static TURNS: Semaphore = Semaphore::const_new(2);
/// Whoever has not got a turn by then is asked to come again.
const PATIENCE: Duration = Duration::from_secs(8);

/// Runs costly work on a thread that may block, when it is its turn.
async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    let Ok(Ok(_turn)) = tokio::time::timeout(PATIENCE, TURNS.acquire()).await else {
        return Err(Fault::busy());
    };
    tokio::task::spawn_blocking(work).await.map_err(Fault::internal)
}

fn compute(password: &str, salt: &[u8]) -> Result<String, Fault> {
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), salt);
    hash.map(|hash: PasswordHash| hash.to_string()).map_err(Fault::internal)
}

/// The hash of a new password, with its own salt.
///
/// # Errors
/// [`Fault::busy`] when too many are waiting.
pub async fn hash(ctx: &Ctx, password: &str) -> Result<String, Fault> {
    let mut salt = [0u8; 16];
    ctx.entropy.fill(&mut salt);
    let password = password.to_owned();
    in_turn(move || compute(&password, &salt)).await?
}

/// Whether the password belongs to the hash. Without a hash the same work is done on another one, so that nobody learns
/// from the time whether there is such an account.
///
/// # Errors
/// [`Fault::busy`] when too many are waiting.
pub async fn fits(password: &str, kept: Option<String>) -> Result<bool, Fault> {
    let password = password.to_owned();
    in_turn(move || {
        let known = kept.as_deref().filter(|hash| !hash.is_empty());
        let hash = match known {
            Some(hash) => hash.to_owned(),
            None => stranger()?,
        };
        let parsed = PasswordHash::new(&hash).map_err(Fault::internal)?;
        let same = Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
        Ok(same && known.is_some())
    })
    .await?
}

/// The hash that stands in for accounts that do not exist.
fn stranger() -> Result<String, Fault> {
    static HASH: OnceLock<String> = OnceLock::new();
    if let Some(hash) = HASH.get() {
        return Ok(hash.clone());
    }
    let hash = compute("nobody has this password", b"sixteen bytes...")?;
    Ok(HASH.get_or_init(|| hash).clone())
}

/// A first password that somebody reads from a slip of paper: sixteen characters of four kinds without look-alikes,
/// about 88 bits.
pub fn draw(ctx: &Ctx) -> String {
    const KINDS: [&[u8]; 4] = [b"abcdefghjkmnpqrstuvwxyz", b"ABCDEFGHJKLMNPQRSTUVWXYZ", b"23456789", b"-+=%"];
    let mut bytes = [0u8; 16];
    ctx.entropy.fill(&mut bytes);
    // Which kind stands where is no secret: the characters are.
    let order = [0, 1, 2, 0, 1, 0, 2, 0, 3, 1, 0, 2, 1, 0, 1, 2];
    let pick = |(byte, kind): (&u8, usize)| char::from(KINDS[kind][usize::from(*byte) % KINDS[kind].len()]);
    bytes.iter().zip(order).map(pick).collect()
}
