//! Signing 签名 by SM2 (GB/T 32918.2) over SM3: for what leaves the house and must be known as ours.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use sm2::dsa::signature::{Signer as _, Verifier as _};
use sm2::dsa::{self, VerifyingKey};

use crate::{Error, Result, hex, private_file};

/// The identity that a signer without one of their own signs under (GB/T 35276-2017, 10).
const IDENTITY: &str = "1234567812345678";
const WHAT: &str = "the signing key";
const HEAD: &str = "\
# The signing key of Jinban. Whoever has it can sign in the city's name. Keep a copy in a safe.
";

/// A signature, r and s.
pub type Signature = [u8; 64];

/// The key that signs, in this process; kept in a file of its own.
#[derive(Clone)]
pub struct SigningKey(dsa::SigningKey);

impl fmt::Debug for SigningKey {
    /// Its public half, and nothing of the other.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SigningKey").field(&self.public().to_string()).finish()
    }
}

impl SigningKey {
    /// A new key from random bytes fit for keys.
    ///
    /// # Errors
    /// When they are none of the curve's numbers, which happens once in 2³² draws: draw again.
    pub fn generate(entropy: &[u8; 32]) -> Result<Self> {
        let key = dsa::SigningKey::from_slice(IDENTITY, entropy);
        key.map(Self).map_err(|_| Error::Other("these bytes are no key of SM2".into()))
    }

    /// Reads the text of a key's file; an error repeats nothing of it.
    pub fn parse(text: &str) -> Result<Self> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let digits = match lines.collect::<Vec<_>>()[..] {
            [line] => line.strip_prefix("sm2 ").and_then(|digits| hex::decode::<32>(digits.trim())),
            _ => None,
        };
        digits.as_ref().map_or_else(
            || Err(Error::Other(format!("{WHAT} has one line: `sm2` and 64 hexadecimal digits"))),
            Self::generate,
        )
    }

    /// Reads a key's file, refusing one that other accounts of the machine may read or write.
    pub fn read(path: &Path) -> Result<Self> {
        Self::parse(&private_file::read(WHAT, path)?)
    }

    /// Writes a new file that only this account can read; one that exists already is left alone and refused.
    pub fn write_new(&self, path: &Path) -> Result<()> {
        let text = format!("{HEAD}sm2 {}\n", hex::encode(&self.0.to_bytes()));
        private_file::write_new(WHAT, path, &text)
    }

    /// What others check its signatures with.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().clone())
    }

    /// Signs the message; the same message gets the same signature (RFC 6979), so that no bad randomness can betray the
    /// key.
    ///
    /// # Errors
    /// Practically never: when the arithmetic meets a zero.
    pub fn sign(&self, message: &[u8]) -> Result<Signature> {
        let signature: dsa::Signature =
            self.0.try_sign(message).map_err(|_| Error::Other("SM2 could not sign".into()))?;
        Ok(signature.to_bytes().into())
    }
}

/// What signatures are checked with: 130 hexadecimal digits as text, a point without compression.
#[derive(Debug, Clone)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Whether the signature was made over this message by the key's other half.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &Signature) -> bool {
        dsa::Signature::from_slice(signature)
            .is_ok_and(|signature| self.0.verify(message, &signature).is_ok())
    }

    /// Its bytes, as columns keep them.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.to_sec1_bytes().into_vec()
    }

    /// From its bytes.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when they are no point of the curve.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let key = VerifyingKey::from_sec1_bytes(IDENTITY, bytes);
        key.map(Self).map_err(|_| Error::Corrupt("a public key is no point of the curve of SM2".into()))
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.to_bytes() == other.to_bytes()
    }
}

impl Eq for PublicKey {}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.to_bytes()))
    }
}

impl FromStr for PublicKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let bytes = hex::decode_any(text)
            .ok_or_else(|| Error::Corrupt("a public key is hexadecimal digits".into()))?;
        Self::from_bytes(&bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_signed_is_verified_and_one_changed_bit_is_not() {
        let key = SigningKey::generate(&[7; 32]).unwrap();
        let signature = key.sign(b"head").unwrap();
        assert!(key.public().verifies(b"head", &signature));
        assert!(!key.public().verifies(b"heat", &signature));
        let mut bent = signature;
        bent[40] ^= 1;
        assert!(!key.public().verifies(b"head", &bent));
        assert!(!key.public().verifies(b"head", &[0; 64]));
        let other = SigningKey::generate(&[8; 32]).unwrap();
        assert!(!other.public().verifies(b"head", &signature));
        assert!(SigningKey::generate(&[0; 32]).is_err() && SigningKey::generate(&[255; 32]).is_err());
    }

    /// GB/T 32918.5-2017, appendix A.2: the key, the public key and the signature of `message digest`.
    #[test]
    fn the_published_signature_is_verified_under_the_published_key() {
        let secret = hex::decode("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8").unwrap();
        let public = "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020\
                      ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13";
        let signature = "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3\
                         b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";
        assert_eq!(SigningKey::generate(&secret).unwrap().public().to_string(), public);
        let read: PublicKey = public.parse().unwrap();
        assert!(read.verifies(b"message digest", &hex::decode(signature).unwrap()));
    }

    #[test]
    fn a_key_is_written_once_closed_to_others_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("signing-key");
        let key = SigningKey::generate(&[7; 32]).unwrap();
        key.write_new(&file).unwrap();
        assert!(key.write_new(&file).is_err(), "a second one would lose the first");
        assert_eq!(SigningKey::read(&file).unwrap().public(), key.public());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
            assert!(SigningKey::read(&file).unwrap_err().to_string().contains("chmod 600"));
        }
        for bad in ["", "sm2 07", "sm4 0707", "sm2 xyz\nsm2 xyz"] {
            assert!(SigningKey::parse(bad).is_err(), "{bad}");
        }
        let secret = hex::encode(&[7; 32]);
        assert!(!format!("{key:?}").contains(&secret));
    }
}
