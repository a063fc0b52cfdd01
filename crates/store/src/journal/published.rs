//! The head of the chain of blocks, signed and published 公布: one a day. What has been published cannot be taken back, so
//! that a chain which was cut off or made anew is found by whoever kept a published head.

use jiff::Timestamp;

use super::chain::Head;
use super::standing::{Block, last_blocks};
use crate::sign::{PublicKey, Signature, SigningKey};
use crate::{Error, FromRow, Result, Row, Tx, hex};

crate::statements! {
    PUBLISH = "INSERT INTO published_head (day, block_no, hash, sealed_at, signed_at, public_key, signature)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (day) DO NOTHING";
    BEFORE = "SELECT day, block_no, hash, sealed_at, signed_at, public_key, signature FROM published_head
        WHERE day < $1 ORDER BY day DESC LIMIT $2";
    AFTER = "SELECT day, block_no, hash, sealed_at, signed_at, public_key, signature FROM published_head
        WHERE day > $1 ORDER BY day LIMIT $2";
    HASH = "SELECT hash FROM journal_block WHERE no = $1";
}

/// A day that comes after all others.
pub const NO_DAY: &str = "9999-12-31";

/// The newest block of a day, signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedHead {
    /// The legal day, such as `2026-03-02`; one head a day.
    pub day: String,
    /// The block's number.
    pub block: i64,
    /// The block's hash, which holds everything before it.
    pub hash: Head,
    /// When the block was sealed.
    pub sealed_at: Timestamp,
    /// When it was signed.
    pub signed_at: Timestamp,
    /// Whose signature it is.
    pub public_key: PublicKey,
    /// The signature over [`SignedHead::message`].
    pub signature: Signature,
}

impl FromRow for SignedHead {
    fn from_row(r: &Row<'_>) -> Result<Self> {
        Ok(Self {
            day: r.get(0)?,
            block: r.get(1)?,
            hash: r.get(2)?,
            sealed_at: r.get(3)?,
            signed_at: r.get(4)?,
            public_key: PublicKey::from_bytes(&r.get::<Vec<u8>>(5)?)?,
            signature: r
                .get::<Vec<u8>>(6)?
                .try_into()
                .map_err(|_| Error::Corrupt("a signature has 64 bytes".into()))?,
        })
    }
}

impl SignedHead {
    /// Signs a block as the newest of its day.
    ///
    /// # Errors
    /// When the key cannot sign.
    pub fn sign(key: &SigningKey, day: &str, block: &Block, signed_at: Timestamp) -> Result<Self> {
        let mut head = Self {
            day: day.to_owned(),
            block: block.no,
            hash: block.hash,
            sealed_at: block.sealed_at,
            signed_at,
            public_key: key.public(),
            signature: [0; 64],
        };
        head.signature = key.sign(head.message().as_bytes())?;
        Ok(head)
    }

    /// What is signed: lines of text, so that anybody can write it down and check it with any tool that knows SM2.
    #[must_use]
    pub fn message(&self) -> String {
        let Self { day, block, hash, sealed_at, signed_at, .. } = self;
        let hash = hex::encode(hash);
        format!("jinban/head/1\n{day}\n{block}\n{hash}\n{sealed_at}\n{signed_at}\n")
    }

    /// Whether the signature is that of its key over everything the head says.
    #[must_use]
    pub fn is_genuine(&self) -> bool {
        self.public_key.verifies(self.message().as_bytes(), &self.signature)
    }
}

/// What is wrong with a published head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disproof {
    /// The signature is not that of the key over these words.
    Forged,
    /// The block is no longer there: the chain now ends before it.
    CutOff {
        /// The newest block that is there; 0 for none.
        newest: i64,
    },
    /// Another block stands in its place.
    Rewritten,
}

/// Whether a head still stands in this database; otherwise what is wrong.
pub async fn check_head(tx: &Tx, head: &SignedHead) -> Result<Option<Disproof>> {
    if !head.is_genuine() {
        return Ok(Some(Disproof::Forged));
    }
    Ok(match tx.opt::<(Head,)>(HASH, &[head.block.into()]).await? {
        Some((hash,)) if hash == head.hash => None,
        Some(_) => Some(Disproof::Rewritten),
        None => {
            let newest = last_blocks(tx, None, 1).await?.first().map_or(0, |block| block.no);
            Some(Disproof::CutOff { newest })
        }
    })
}

/// Publishes the head of its day; `false` when the day has one already, which stays.
pub async fn publish(tx: &Tx, head: &SignedHead) -> Result<bool> {
    let key = head.public_key.to_bytes();
    let row = [
        (&head.day).into(),
        head.block.into(),
        (&head.hash).into(),
        head.sealed_at.into(),
        head.signed_at.into(),
        (&key).into(),
        head.signature.as_slice().into(),
    ];
    Ok(tx.exec(PUBLISH, &row).await? == 1)
}

/// The heads published before a day ([`NO_DAY`] for all), newest first.
pub async fn published_before(tx: &Tx, day: &str, limit: u32) -> Result<Vec<SignedHead>> {
    tx.all(BEFORE, &[day.into(), limit.into()]).await
}

/// The heads published after a day (empty for all), oldest first.
pub async fn published_after(tx: &Tx, day: &str, limit: u32) -> Result<Vec<SignedHead>> {
    tx.all(AFTER, &[day.into(), limit.into()]).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Work;
    use crate::journal::{NewEvent, Stamp, Stream, append, seal_block};
    use crate::testing::on_both_with;
    use uuid::Uuid;

    fn key() -> SigningKey {
        SigningKey::generate(&[7; 32]).unwrap()
    }

    /// Enters one event, seals it, publishes the head of that day, and answers it.
    struct Day(i64);

    impl Work for Day {
        type Out = SignedHead;
        type Err = Error;
        async fn run(&self, tx: &Tx) -> Result<SignedHead> {
            let now = Timestamp::from_second(self.0 * 86_400).unwrap();
            let stamp = Stamp { actor: "a".into(), org: None, trace: "t".into(), entered_at: now };
            let event =
                NewEvent { kind: "made".into(), body_json: "{}".into(), happened_at: now, ground: None };
            let id = Uuid::from_u128(u128::try_from(self.0).unwrap());
            append(tx, Stream { kind: "thing", id }, 0, &stamp, &[event]).await?;
            seal_block(tx, now).await?;
            let block = last_blocks(tx, None, 1).await?[0];
            let head = SignedHead::sign(&key(), &format!("2026-03-{:02}", self.0), &block, now)?;
            assert!(publish(tx, &head).await?);
            assert!(!publish(tx, &head).await?, "a day has one head");
            Ok(head)
        }
    }

    struct Check(SignedHead);

    impl Work for Check {
        type Out = (Option<Disproof>, Vec<SignedHead>, Vec<SignedHead>);
        type Err = Error;
        async fn run(&self, tx: &Tx) -> Result<Self::Out> {
            let before = published_before(tx, NO_DAY, 10).await?;
            let after = published_after(tx, "2026-03-01", 10).await?;
            Ok((check_head(tx, &self.0).await?, before, after))
        }
    }

    /// What an intruder with the database would do.
    struct Tamper(&'static str);

    impl Work for Tamper {
        type Out = u64;
        type Err = Error;
        async fn run(&self, tx: &Tx) -> Result<u64> {
            tx.exec(self.0, &[]).await
        }
    }

    #[tokio::test]
    async fn a_published_head_finds_a_tail_that_was_cut_off_or_rewritten_and_a_forged_head_is_known() {
        on_both_with(crate::MIGRATIONS, |db| async move {
            let first = db.write(Day(1)).await.unwrap();
            let second = db.write(Day(2)).await.unwrap();
            let look = async |head: &SignedHead| db.read(Check(head.clone())).await.unwrap();
            assert_eq!(
                look(&second).await,
                (None, vec![second.clone(), first.clone()], vec![second.clone()])
            );
            let later = SignedHead { signed_at: Timestamp::UNIX_EPOCH, ..second.clone() };
            assert_eq!(look(&later).await.0, Some(Disproof::Forged));
            db.write(Tamper("DELETE FROM journal_block WHERE no = 2")).await.unwrap();
            assert_eq!(look(&second).await.0, Some(Disproof::CutOff { newest: 1 }));
            db.write(Tamper("UPDATE journal_block SET hash = previous WHERE no = 1")).await.unwrap();
            assert_eq!(look(&first).await.0, Some(Disproof::Rewritten));
        })
        .await;
    }
}
