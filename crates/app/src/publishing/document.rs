//! A published head as others keep it: one JSON object.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use store::Error;
use store::journal::SignedHead;

/// What is published of a day. The signature is over six lines of text, each ended: `jinban/head/1`, day, block, hash,
/// `sealed_at`, `signed_at`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadDocument {
    /// The legal day.
    pub day: String,
    /// Number of the newest block.
    pub block: i64,
    /// Its hash (SM3), in hexadecimal digits as everything below.
    pub hash: String,
    /// When it was sealed.
    pub sealed_at: Timestamp,
    /// When it was signed.
    pub signed_at: Timestamp,
    /// `SM2 with SM3`.
    pub algorithm: String,
    /// The public key: a point without compression.
    pub public_key: String,
    /// The signature, r and s.
    pub signature: String,
}

/// GB/T 32918.2 with the identity that GB/T 35276 gives.
const ALGORITHM: &str = "SM2 with SM3";

impl From<&SignedHead> for HeadDocument {
    fn from(head: &SignedHead) -> Self {
        Self {
            day: head.day.clone(),
            block: head.block,
            hash: hex(&head.hash),
            sealed_at: head.sealed_at,
            signed_at: head.signed_at,
            algorithm: ALGORITHM.to_owned(),
            public_key: head.public_key.to_string(),
            signature: hex(&head.signature),
        }
    }
}

impl HeadDocument {
    /// It as a line of the file.
    pub(super) fn line(&self) -> store::Result<String> {
        let json = serde_json::to_string(self).map_err(|e| Error::Other(e.to_string()))?;
        Ok(format!("{json}\n"))
    }

    fn read(self) -> store::Result<SignedHead> {
        let bent = |what: &str| Error::Corrupt(format!("the published head of {}: {what}", self.day));
        Ok(SignedHead {
            hash: digits(&self.hash).ok_or_else(|| bent("the hash has 64 hexadecimal digits"))?,
            public_key: self.public_key.parse()?,
            signature: digits(&self.signature)
                .ok_or_else(|| bent("the signature has 128 hexadecimal digits"))?,
            day: self.day,
            block: self.block,
            sealed_at: self.sealed_at,
            signed_at: self.signed_at,
        })
    }
}

/// Reads published heads: lines of the file, or what the public page gives to programs.
///
/// # Errors
/// [`Error::Corrupt`] when it is neither, or a head is not whole.
pub fn read_heads(text: &str) -> store::Result<Vec<SignedHead>> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        List(Vec<HeadDocument>),
        One(HeadDocument),
    }
    let mut heads = Vec::new();
    for value in serde_json::Deserializer::from_str(text).into_iter::<Either>() {
        match value.map_err(|e| Error::Corrupt(format!("these are no published heads: {e}")))? {
            Either::List(list) => heads.extend(list),
            Either::One(head) => heads.push(head),
        }
    }
    heads.into_iter().map(HeadDocument::read).collect()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn digits<const N: usize>(text: &str) -> Option<[u8; N]> {
    if !text.is_ascii() || text.len() != N * 2 {
        return None;
    }
    let mut bytes = [0; N];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).ok()?;
    }
    Some(bytes)
}
