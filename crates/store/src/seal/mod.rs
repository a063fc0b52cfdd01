//! Sealed fields 字段加密 and blind indexes 盲索引: names, identity numbers, phones, addresses and bank accounts are
//! kept only as SM4-GCM (GB/T 32907, RFC 8998) under a key that lies outside the database, and found by equality
//! through HMAC-SM3 (GB/T 15852.2, GB/T 32905) of their normal form.
//!
//! A sealed value is `version · key id · nonce · ciphertext and tag`. Its field's name and its first three bytes are
//! authenticated with it, so that a value cannot be moved to another column, nor be claimed by another key.

mod bound;
mod keys;
mod reseal;
mod software;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

pub use bound::refuse_other_keys;
pub use keys::Keys;
pub use reseal::{Nonces, Progress, SealedColumn, first_altered, reseal};

use crate::{Error, Result};

/// Twelve bytes that are never used twice under one key: taken from the app's source of random bytes each time.
pub type Nonce = [u8; 12];

/// The shape of sealed values described above.
const VERSION: u8 = 1;
/// Bytes before the nonce: version and key id.
const HEADER: usize = 3;
/// Bytes before the ciphertext.
const PREFIX: usize = HEADER + 12;

/// Which key sealed a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub u16);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What does the ciphers' work: [`Keys`] in this process, or a certified module (SDF card, HSM) whose keys never leave
/// it.
///
/// Sealing and indexing cannot be refused: a caller has nothing better to do with a value than to seal it. A module that
/// has gone is waited for, and the process ended when it does not come back; the other nodes go on.
pub trait Crypto: Send + Sync + fmt::Debug {
    /// The key that seals from now on.
    fn current(&self) -> KeyId;
    /// SM4-GCM under the current key: the ciphertext with its tag of 16 bytes behind it.
    fn seal(&self, nonce: &Nonce, bound: &[u8], plain: &[u8]) -> Vec<u8>;
    /// Undoes it under the key named; none when key, nonce, bound data, text or tag do not belong together, or when
    /// there is no such key.
    fn open(&self, key: KeyId, nonce: &Nonce, bound: &[u8], sealed: &[u8]) -> Option<Vec<u8>>;
    /// HMAC-SM3 under the index key, which outlives all sealing keys.
    fn index(&self, message: &[u8]) -> [u8; 32];
}

/// Seals and opens the fields of people; clones share the keys.
#[derive(Debug, Clone)]
pub struct Sealer {
    crypto: Arc<dyn Crypto>,
}

impl Sealer {
    /// One that uses these keys in this process.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "whoever makes a sealer should not keep the keys")]
    pub fn new(keys: Keys) -> Self {
        Self::with(Arc::new(software::Software::new(&keys)))
    }

    /// One that lets a module do the work.
    #[must_use]
    pub fn with(crypto: Arc<dyn Crypto>) -> Self {
        Self { crypto }
    }

    /// Seals a value of the field, such as `person.name`, under the current key.
    #[must_use]
    pub fn seal(&self, field: &'static str, plain: &str, nonce: Nonce) -> Vec<u8> {
        let [high, low] = self.crypto.current().0.to_be_bytes();
        let mut sealed = vec![VERSION, high, low];
        let text = self.crypto.seal(&nonce, &bound(&sealed, field), plain.as_bytes());
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&text);
        sealed
    }

    /// Opens a value of the field. [`Error::Corrupt`] when it was altered, belongs to another field, or its key is not
    /// in the keys file; the message holds nothing of the value.
    pub fn open(&self, field: &'static str, sealed: &[u8]) -> Result<String> {
        let refused = |why: String| Error::Corrupt(format!("a sealed value of {field} {why}"));
        let key = key_of(sealed).ok_or_else(|| refused("does not have the shape of one".into()))?;
        let (nonce, text) = sealed[HEADER..]
            .split_first_chunk::<12>()
            .ok_or_else(|| refused("does not have the shape of one".into()))?;
        let plain = self
            .crypto
            .open(key, nonce, &bound(&sealed[..HEADER], field), text)
            .ok_or_else(|| refused(format!("was altered, or key {key} is missing or another one")))?;
        String::from_utf8(plain).map_err(|_| refused("is no text".into()))
    }

    /// The blind index of a value in its normal form (no blanks, one case, one width: whatever counts as equal must be
    /// equal bytes). The same value gives another index in another field, so that columns cannot be joined by it.
    #[must_use]
    pub fn index(&self, field: &'static str, normal: &str) -> Vec<u8> {
        let mut message = (field.len() as u64).to_be_bytes().to_vec();
        message.extend_from_slice(field.as_bytes());
        message.extend_from_slice(normal.as_bytes());
        self.crypto.index(&message).to_vec()
    }

    /// Whether the value is under a key that is no longer the current one; then [`reseal`] renews it.
    #[must_use]
    pub fn needs_reseal(&self, sealed: &[u8]) -> bool {
        key_of(sealed) != Some(self.crypto.current())
    }

    /// The key that seals from now on.
    #[must_use]
    pub fn current(&self) -> KeyId {
        self.crypto.current()
    }
}

/// The key that a sealed value names, if it has the shape of one.
fn key_of(sealed: &[u8]) -> Option<KeyId> {
    match sealed {
        [VERSION, high, low, ..] if sealed.len() >= PREFIX => Some(KeyId(u16::from_be_bytes([*high, *low]))),
        _ => None,
    }
}

/// What is authenticated beside the text: the header, which has a fixed length, and the field.
fn bound(header: &[u8], field: &str) -> Vec<u8> {
    [header, field.as_bytes()].concat()
}
