//! Ids of reference data, equal in every installation that loads the same data.

use uuid::Uuid;

/// The id of a thing that reference data names by a code: `stable_id("org", "320402001")`.
///
/// FNV-1a over 128 bits of `kind`, a zero byte and `code`, marked as UUID version 8 (RFC 9562: own scheme). It needs no
/// secrecy, only that equal codes give equal ids and that the few thousand codes of a city do not meet; loading checks
/// that they do not.
#[must_use]
pub fn stable_id(kind: &str, code: &str) -> Uuid {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let hash = kind
        .bytes()
        .chain([0])
        .chain(code.bytes())
        .fold(OFFSET, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    let version = (hash & !(0xf << 76)) | (0x8 << 76);
    Uuid::from_u128((version & !(0b11 << 62)) | (0b10 << 62))
}
