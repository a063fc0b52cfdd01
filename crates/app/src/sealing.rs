//! Sealing the journal 存证: what has been entered is gathered into the next block about once a minute.

use crate::Ctx;
use jiff::{SignedDuration, Timestamp};
use store::{Tx, Work, journal};

/// How long a new event may wait for its block.
pub const EVERY: SignedDuration = SignedDuration::from_mins(1);
/// Blocks sealed at one call at most, so that a backlog does not keep other work waiting.
const MOST: usize = 20;

struct Seal(Timestamp);

impl Work for Seal {
    type Out = Option<i64>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Option<i64>> {
        journal::seal_block(tx, self.0).await
    }
}

struct LastSealed;

impl Work for LastSealed {
    type Out = Option<Timestamp>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Option<Timestamp>> {
        Ok(journal::last_blocks(tx, None, 1).await?.first().map(|block| block.sealed_at))
    }
}

/// Seals what waits, if the newest block is a minute old, and says how many blocks there were. The worker of any node
/// may call it as often as it likes; of two that seal at once, one leaves it to the other.
///
/// # Errors
/// When the data cannot be read or written.
pub async fn seal_due(ctx: &Ctx) -> store::Result<usize> {
    let now = ctx.now();
    if ctx.db.read(LastSealed).await?.is_some_and(|last| now.duration_since(last) < EVERY) {
        return Ok(0);
    }
    for sealed in 0..MOST {
        match ctx.db.write(Seal(now)).await {
            Ok(Some(_)) => {}
            Ok(None) | Err(store::Error::Conflict(_) | store::Error::Unique { .. }) => return Ok(sealed),
            Err(error) => return Err(error),
        }
    }
    Ok(MOST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{World, on_both};
    use store::journal::{NewEvent, Stamp, Stream};
    use uuid::Uuid;

    struct Note(Uuid, Timestamp);

    impl Work for Note {
        type Out = i64;
        type Err = store::Error;

        async fn run(&self, tx: &Tx) -> store::Result<i64> {
            let stamp = Stamp { actor: "system".into(), org: None, trace: "t".into(), entered_at: self.1 };
            let (kind, body_json) = ("noted".to_owned(), "{}".to_owned());
            let event = NewEvent { kind, body_json, happened_at: self.1, ground: None };
            journal::append(tx, Stream { kind: "note", id: self.0 }, 0, &stamp, &[event]).await
        }
    }

    async fn note(world: &World, n: u128) {
        world.db.write(Note(Uuid::from_u128(n), world.now())).await.expect("noted");
    }

    #[tokio::test]
    async fn what_was_entered_is_sealed_within_a_minute_and_no_empty_block_is_made() {
        on_both(|world| async move {
            assert_eq!(seal_due(&world).await, Ok(0), "nothing was entered");
            note(&world, 1).await;
            assert_eq!(seal_due(&world).await, Ok(1));
            note(&world, 2).await;
            assert_eq!(seal_due(&world).await, Ok(0), "the last block is not a minute old");
            world.clock.advance(EVERY);
            let (one, other) = tokio::join!(seal_due(&world), seal_due(&world));
            assert_eq!(one.expect("seals") + other.expect("seals"), 1, "one of two workers seals");
            world.clock.advance(EVERY);
            assert_eq!(seal_due(&world).await, Ok(0));
            assert!(crate::proof::prove(&world.db).await.expect("reads").holds());
        })
        .await;
    }
}
