//! What is hashed: every field with its length before it, so that no two different events have the same bytes.

use sm3::{Digest, Sm3};

use super::{NewEvent, Stamp, Stream};

/// An SM3 digest, 32 bytes.
pub type Head = [u8; 32];

/// What the first event of a stream and the first block are chained to.
pub const START: Head = [0; 32];

fn field(hash: &mut Sm3, bytes: &[u8]) {
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}

fn optional(hash: &mut Sm3, bytes: Option<&[u8]>) {
    hash.update([u8::from(bytes.is_some())]);
    field(hash, bytes.unwrap_or_default());
}

fn number(hash: &mut Sm3, n: i64) {
    field(hash, &n.to_be_bytes());
}

/// The head of a stream after this event.
pub(super) fn next(before: &Head, stream: Stream<'_>, seq: i64, stamp: &Stamp, event: &NewEvent) -> Head {
    let mut h = Sm3::new();
    field(&mut h, b"jinban/event/1");
    field(&mut h, before);
    field(&mut h, stream.kind.as_bytes());
    field(&mut h, stream.id.as_bytes());
    number(&mut h, seq);
    field(&mut h, event.kind.as_bytes());
    field(&mut h, event.body_json.as_bytes());
    optional(&mut h, event.ground.as_deref().map(str::as_bytes));
    field(&mut h, stamp.actor.as_bytes());
    optional(&mut h, stamp.org.as_ref().map(|id| id.as_bytes().as_slice()));
    field(&mut h, stamp.trace.as_bytes());
    number(&mut h, event.happened_at.as_microsecond());
    number(&mut h, stamp.entered_at.as_microsecond());
    h.finalize().into()
}

/// A leaf of a block: the head of a stream at one of its events.
pub(super) fn leaf(kind: &str, id: &[u8], seq: i64, head: &[u8]) -> Head {
    let mut h = Sm3::new();
    field(&mut h, b"jinban/leaf/1");
    field(&mut h, kind.as_bytes());
    field(&mut h, id);
    number(&mut h, seq);
    field(&mut h, head);
    h.finalize().into()
}

/// The Merkle root; an odd last one is carried up unpaired. The block's hash holds the number of leaves.
pub(super) fn root(mut level: Vec<Head>) -> Head {
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [a, b] => {
                    let mut h = Sm3::new();
                    field(&mut h, b"jinban/node/1");
                    field(&mut h, a);
                    field(&mut h, b);
                    h.finalize().into()
                }
                rest => rest[0],
            })
            .collect();
    }
    level.first().copied().unwrap_or(START)
}

/// The hash of a block over everything in its row.
pub(super) fn block(previous: &Head, no: i64, leaves: i64, root: &Head, sealed_at_us: i64) -> Head {
    let mut h = Sm3::new();
    field(&mut h, b"jinban/block/1");
    field(&mut h, previous);
    number(&mut h, no);
    number(&mut h, leaves);
    field(&mut h, root);
    number(&mut h, sealed_at_us);
    h.finalize().into()
}
