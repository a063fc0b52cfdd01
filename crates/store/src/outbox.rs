//! The outbox 发件箱: what others must be told, written in the same transaction as the change and delivered afterwards.

use jiff::Timestamp;

use crate::{Error, FromRow, Result, Row, Tx};

crate::statements! {
    PUSH = "INSERT INTO outbox (topic, key, body, due_at, tries, poisoned) VALUES ($1, $2, $3, 0, 0, 0)
        ON CONFLICT (topic, key) DO NOTHING";
    TAKE = "SELECT position, topic, key, body, tries FROM outbox WHERE poisoned = 0 AND due_at <= $1
        ORDER BY due_at, position LIMIT $2";
    ACK = "DELETE FROM outbox WHERE position = $1";
    FAIL = "UPDATE outbox SET tries = tries + 1, poisoned = CASE WHEN tries + 1 >= $2 THEN 1 ELSE 0 END, due_at = $3,
        last_error = $4 WHERE position = $1";
}

/// A message that waits to be delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its place in the outbox.
    pub position: i64,
    /// What it is about.
    pub topic: String,
    /// What makes it one of a kind within its topic.
    pub key: String,
    /// Its content as JSON.
    pub body: String,
    /// Deliveries that failed so far.
    pub tries: u32,
}

impl FromRow for Message {
    fn from_row(r: &Row<'_>) -> Result<Self> {
        Ok(Self { position: r.get(0)?, topic: r.get(1)?, key: r.get(2)?, body: r.get(3)?, tries: r.get(4)? })
    }
}

/// Puts a message in; the same key of a topic that still waits is kept once.
pub async fn push(tx: &Tx, topic: &str, key: &str, body: &str) -> Result<()> {
    tx.exec(PUSH, &[topic.into(), key.into(), body.into()]).await.map(drop)
}

/// The messages due at `now`, at most `limit`; they stay until acknowledged, so delivery happens at least once.
pub async fn take(tx: &Tx, now: Timestamp, limit: u32) -> Result<Vec<Message>> {
    tx.all(TAKE, &[now.into(), limit.into()]).await
}

/// Takes a delivered message out.
pub async fn ack(tx: &Tx, position: i64) -> Result<()> {
    tx.exec(ACK, &[position.into()]).await.map(drop)
}

/// Notes a failed delivery: due again at `again_at`, or set aside as poisoned after `most_tries`.
pub async fn fail(tx: &Tx, position: i64, why: &str, again_at: Timestamp, most_tries: u32) -> Result<()> {
    match tx.exec(FAIL, &[position.into(), most_tries.into(), again_at.into(), why.into()]).await? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Work, testing::on_both};

    struct Scenario;
    impl Work for Scenario {
        type Out = ();
        type Err = Error;
        async fn run(&self, tx: &Tx) -> Result<()> {
            let at = |s| Timestamp::from_second(s).unwrap();
            for key in ["a", "a", "b"] {
                push(tx, "notice", key, "{}").await?;
            }
            let all = take(tx, at(1), 10).await?;
            assert_eq!(all.iter().map(|m| m.key.as_str()).collect::<Vec<_>>(), ["a", "b"]);
            ack(tx, all[0].position).await?;
            fail(tx, all[1].position, "no answer", at(60), 2).await?;
            assert!(take(tx, at(59), 10).await?.is_empty());
            assert_eq!(take(tx, at(60), 10).await?[0].tries, 1);
            fail(tx, all[1].position, "no answer", at(90), 2).await?;
            assert!(take(tx, at(999), 10).await?.is_empty());
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_message_waits_until_acknowledged_and_is_set_aside_after_too_many_failures() {
        on_both(|db| async move { db.write(Scenario).await.unwrap() }).await;
    }
}
