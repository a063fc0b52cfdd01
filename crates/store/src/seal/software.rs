//! The ciphers in this process.

use aes_gcm::aead::consts::U12;
use aes_gcm::{AeadInOut, AesGcm, KeyInit};
use hmac::{Hmac, Mac};
use sm3::Sm3;
use sm4::Sm4;

use super::{Crypto, KeyId, Keys, Nonce};

/// GCM over SM4 as RFC 8998 defines it: nonce of 96 bits, tag of 128.
pub(super) type Sm4Gcm = AesGcm<Sm4, U12>;
pub(super) type HmacSm3 = Hmac<Sm3>;

const TAG: usize = 16;

/// Keys with their schedules made ready.
#[derive(Clone)]
pub(super) struct Software {
    ciphers: Vec<(KeyId, Sm4Gcm)>,
    current: (KeyId, Sm4Gcm),
    index: HmacSm3,
}

impl Software {
    pub(super) fn new(keys: &Keys) -> Self {
        let ready = |key: &[u8; 16]| Sm4Gcm::new(key.into());
        Self {
            ciphers: keys.all().map(|(id, key)| (id, ready(key))).collect(),
            current: (keys.current().0, ready(keys.current().1)),
            index: <HmacSm3 as KeyInit>::new(&padded(keys.index()).into()),
        }
    }
}

/// HMAC's block: a key no longer than it is filled up with zeros (GB/T 15852.2, RFC 2104).
fn padded(key: &[u8; 32]) -> [u8; 64] {
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    block
}

impl std::fmt::Debug for Software {
    /// Which keys there are, and nothing of them.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ids: Vec<u16> = self.ciphers.iter().map(|(id, _)| id.0).collect();
        f.debug_struct("Software")
            .field("keys", &ids)
            .field("current", &self.current.0.0)
            .finish_non_exhaustive()
    }
}

impl Crypto for Software {
    fn current(&self) -> KeyId {
        self.current.0
    }

    fn seal(&self, nonce: &Nonce, bound: &[u8], plain: &[u8]) -> Vec<u8> {
        let mut text = plain.to_vec();
        match self.current.1.encrypt_inout_detached(nonce.into(), bound, text.as_mut_slice().into()) {
            Ok(tag) => text.extend_from_slice(&tag),
            Err(_) => unreachable!("GCM takes 64 GB at once, more than a field of text can have"),
        }
        text
    }

    fn open(&self, key: KeyId, nonce: &Nonce, bound: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let cipher = &self.ciphers.iter().find(|(id, _)| *id == key)?.1;
        let (text, tag) = sealed.split_last_chunk::<TAG>()?;
        let mut plain = text.to_vec();
        cipher.decrypt_inout_detached(nonce.into(), bound, plain.as_mut_slice().into(), tag.into()).ok()?;
        Some(plain)
    }

    fn index(&self, message: &[u8]) -> [u8; 32] {
        let mut mac = self.index.clone();
        mac.update(message);
        mac.finalize().into_bytes().into()
    }
}
