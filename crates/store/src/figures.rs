//! Questions an operator's monitoring asks again and again: does the database take writes, what waits, how old is the
//! newest block. Counts stop at a bound, so that asking stays cheap however much has piled up.

use jiff::Timestamp;

use crate::jobs::{self, State};
use crate::{Db, Error, Result, Tx, Work};

/// Counting stops here: more than this is a fault whatever the exact number.
pub const COUNTED_UP_TO: i64 = 100_000;

crate::statements! {
    PROBE = "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    OUTBOX = "SELECT COUNT(*) FROM (SELECT 1 FROM outbox WHERE poisoned = $1 LIMIT $2) AS counted",
        scans: "no more rows of an index than the bound";
    UNSEALED = "SELECT COUNT(*) FROM (SELECT 1 FROM journal_pending LIMIT $1) AS counted";
    NEWEST_BLOCK = "SELECT no, sealed_at FROM journal_block ORDER BY no DESC LIMIT 1";
}

/// Jobs of one queue in one state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jobs {
    /// The queue.
    pub queue: String,
    /// Where they stand.
    pub state: State,
    /// How many.
    pub count: i64,
    /// Of waiting ones: when the earliest is to run.
    pub earliest: Option<Timestamp>,
}

/// What waits in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// Jobs by queue and state.
    pub jobs: Vec<Jobs>,
    /// Messages waiting, to be delivered; counted up to [`COUNTED_UP_TO`].
    pub outbox_waiting: i64,
    /// Messages set aside after too many failures.
    pub outbox_poisoned: i64,
    /// Streams whose newest events are in no block yet.
    pub journal_unsealed: i64,
    /// The newest block: its number and when it was sealed.
    pub newest_block: Option<(i64, Timestamp)>,
}

/// Reads all figures on one snapshot.
pub async fn read(db: &Db) -> Result<Figures> {
    db.read(Read).await
}

struct Read;

impl Work for Read {
    type Out = Figures;
    type Err = Error;

    async fn run(&self, tx: &Tx) -> Result<Figures> {
        let most = COUNTED_UP_TO.into();
        let mut jobs = Vec::new();
        for (queue, state, count) in jobs::counts(tx).await? {
            let earliest = match state {
                State::Waiting => jobs::next_due(tx, &queue).await?,
                _ => None,
            };
            jobs.push(Jobs { queue, state, count, earliest });
        }
        let (outbox_waiting,) = tx.one::<(i64,)>(OUTBOX, &[0.into(), most]).await?;
        let (outbox_poisoned,) = tx.one::<(i64,)>(OUTBOX, &[1.into(), most]).await?;
        let (journal_unsealed,) = tx.one::<(i64,)>(UNSEALED, &[most]).await?;
        let newest_block = tx.opt(NEWEST_BLOCK, &[]).await?;
        Ok(Figures { jobs, outbox_waiting, outbox_poisoned, journal_unsealed, newest_block })
    }
}

/// Writes one small row and waits until it is on the disk: a database that only answers questions cannot take cases.
pub async fn probe(db: &Db, now: Timestamp) -> Result<()> {
    db.write(Probe(now)).await
}

struct Probe(Timestamp);

impl Work for Probe {
    type Out = ();
    type Err = Error;

    async fn run(&self, tx: &Tx) -> Result<()> {
        tx.exec(PROBE, &["probe".into(), (&self.0.to_string()).into()]).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox;
    use crate::testing::on_both;

    use crate::Retries;

    struct Fill;

    impl Work for Fill {
        type Out = ();
        type Err = Error;
        async fn run(&self, tx: &Tx) -> Result<()> {
            let (epoch, once) = (Timestamp::UNIX_EPOCH, Retries { most: 1, ..Retries::USUAL });
            for key in ["a", "b"] {
                outbox::push(tx, "notice", key, "{}").await?;
                jobs::push(tx, "timer", key, "{}", epoch).await?;
            }
            let first = outbox::take(tx, epoch, &once, 1).await?;
            outbox::fail(tx, &first[0], "no answer", epoch, &once).await.map(drop)
        }
    }

    #[tokio::test]
    async fn what_waits_and_what_was_set_aside_is_counted_apart() {
        on_both(|db| async move {
            probe(&db, Timestamp::UNIX_EPOCH).await.unwrap();
            db.write(Fill).await.unwrap();
            let figures = read(&db).await.unwrap();
            assert_eq!((figures.outbox_waiting, figures.outbox_poisoned), (1, 1));
            assert_eq!(figures.newest_block, None);
            let waiting = Jobs {
                queue: "timer".into(),
                state: State::Waiting,
                count: 2,
                earliest: Some(Timestamp::UNIX_EPOCH),
            };
            assert_eq!(figures.jobs, [waiting]);
        })
        .await;
    }
}
