//! The outbox 发件箱: what others must be told, written in the same transaction as the change and delivered afterwards,
//! at least once. One message that cannot be delivered never holds up the others.

use jiff::Timestamp;

use crate::{Error, FromRow, Result, Retries, Row, Tx, dialect};

crate::statements! {
    PUSH = "INSERT INTO outbox (topic, key, body, due_at, tries, poisoned) VALUES ($1, $2, $3, 0, 0, 0)
        ON CONFLICT (topic, key) DO NOTHING";
    SET_ASIDE = "UPDATE outbox SET poisoned = 1, last_error = $3 WHERE poisoned = 0 AND due_at <= $1 AND tries >= $2";
    ACK = "DELETE FROM outbox WHERE position = $1";
    AGAIN = "UPDATE outbox SET due_at = $3, last_error = $4 WHERE position = $1 AND due_at = $2 AND poisoned = 0";
    GIVE_UP = "UPDATE outbox SET poisoned = 1, last_error = $3 WHERE position = $1 AND due_at = $2 AND poisoned = 0";
    POISONED = "SELECT position, topic, key, body, tries, due_at, last_error FROM outbox
        WHERE poisoned = 1 AND position > $1 ORDER BY position LIMIT $2";
    RETRY = "UPDATE outbox SET poisoned = 0, tries = 0, due_at = $2 WHERE position = $1 AND poisoned = 1";
}

/// Said of a message whose worker was lost so often that it may be the cause.
const LOST: &str = "every worker that took it was lost before it answered";

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
    /// Deliveries begun so far, with this one.
    pub tries: u32,
    /// Until when it is the taker's; then it is due again.
    pub leased_until: Timestamp,
}

impl FromRow for Message {
    fn from_row(r: &Row<'_>) -> Result<Self> {
        Ok(Self {
            position: r.get(0)?,
            topic: r.get(1)?,
            key: r.get(2)?,
            body: r.get(3)?,
            tries: r.get(4)?,
            leased_until: r.get(5)?,
        })
    }
}

/// A message set aside because it could not be delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poisoned {
    /// The message.
    pub message: Message,
    /// What was said at the last try.
    pub last_error: Option<String>,
}

impl FromRow for Poisoned {
    fn from_row(r: &Row<'_>) -> Result<Self> {
        Ok(Self { message: Message::from_row(r)?, last_error: r.get(6)? })
    }
}

/// Puts a message in; the same key of a topic that still waits is kept once.
pub async fn push(tx: &Tx, topic: &str, key: &str, body: &str) -> Result<()> {
    tx.exec(PUSH, &[topic.into(), key.into(), body.into()]).await.map(drop)
}

/// Leases the messages due at `now` to the caller, oldest first, at most `limit`: nobody else gets them until the lease
/// ends, then they are due again. They stay until acknowledged, so delivery happens at least once.
pub async fn take(tx: &Tx, now: Timestamp, retries: &Retries, limit: u32) -> Result<Vec<Message>> {
    tx.exec(SET_ASIDE, &[now.into(), retries.most.into(), LOST.into()]).await?;
    let until = retries.leased_until(now);
    let mut taken: Vec<Message> =
        tx.all(dialect::claim::messages(tx.engine()), &[now.into(), limit.into(), until.into()]).await?;
    taken.sort_unstable_by_key(|message| message.position);
    Ok(taken)
}

/// Takes a delivered message out.
pub async fn ack(tx: &Tx, position: i64) -> Result<()> {
    tx.exec(ACK, &[position.into()]).await.map(drop)
}

/// Notes a failed delivery (`why` without personal data): due again after a pause that doubles, or set aside after the
/// last try. Answers when it is due; none when it is set aside. [`Error::Conflict`] when the lease had ended and
/// somebody else has taken it.
pub async fn fail(
    tx: &Tx,
    message: &Message,
    why: &str,
    now: Timestamp,
    retries: &Retries,
) -> Result<Option<Timestamp>> {
    let again = retries.again_at(now, message.tries);
    let (position, lease) = (message.position.into(), message.leased_until.into());
    let noted = match again {
        Some(at) => tx.exec(AGAIN, &[position, lease, at.into(), why.into()]).await?,
        None => tx.exec(GIVE_UP, &[position, lease, why.into()]).await?,
    };
    match noted {
        0 => Err(Error::Conflict(format!("message {} is no longer leased to this worker", message.position))),
        _ => Ok(again),
    }
}

/// The messages set aside after `after`, oldest first, at most `limit`.
pub async fn poisoned(tx: &Tx, after: i64, limit: u32) -> Result<Vec<Poisoned>> {
    tx.all(POISONED, &[after.into(), limit.into()]).await
}

/// Lets a message that was set aside be tried anew, from its first try. [`Error::NotFound`] when it is not set aside.
pub async fn retry(tx: &Tx, position: i64, now: Timestamp) -> Result<()> {
    match tx.exec(RETRY, &[position.into(), now.into()]).await? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Db, Work, testing::on_both};

    const TWICE: Retries = Retries { most: 2, ..Retries::USUAL };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    struct Push(&'static [&'static str]);
    impl Work for Push {
        type Out = ();
        type Err = Error;
        async fn run(&self, tx: &Tx) -> Result<()> {
            for key in self.0 {
                push(tx, "notice", key, "{}").await?;
            }
            Ok(())
        }
    }

    struct Take(i64, u32);
    impl Work for Take {
        type Out = Vec<Message>;
        type Err = Error;
        async fn run(&self, tx: &Tx) -> Result<Self::Out> {
            take(tx, at(self.0), &TWICE, self.1).await
        }
    }

    struct Fail(Message, i64);
    impl Work for Fail {
        type Out = Option<Timestamp>;
        type Err = Error;
        async fn run(&self, tx: &Tx) -> Result<Self::Out> {
            fail(tx, &self.0, "no answer", at(self.1), &TWICE).await
        }
    }

    struct Ack(i64);
    impl Work for Ack {
        type Out = ();
        type Err = Error;
        async fn run(&self, tx: &Tx) -> Result<()> {
            ack(tx, self.0).await
        }
    }

    struct Aside;
    impl Work for Aside {
        type Out = Vec<Poisoned>;
        type Err = Error;
        async fn run(&self, tx: &Tx) -> Result<Self::Out> {
            poisoned(tx, 0, 10).await
        }
    }

    struct Retry(i64, i64);
    impl Work for Retry {
        type Out = ();
        type Err = Error;
        async fn run(&self, tx: &Tx) -> Result<()> {
            retry(tx, self.0, at(self.1)).await
        }
    }

    async fn taken(db: &Db, now: i64, limit: u32) -> Vec<String> {
        db.write(Take(now, limit)).await.unwrap().into_iter().map(|message| message.key).collect()
    }

    #[tokio::test]
    async fn a_message_is_kept_once_leased_to_one_and_gone_when_acknowledged() {
        on_both(|db| async move {
            db.write(Push(&["a", "a", "b"])).await.unwrap();
            let first = db.write(Take(0, 10)).await.unwrap();
            assert_eq!(
                first.iter().map(|m| (m.key.as_str(), m.tries)).collect::<Vec<_>>(),
                [("a", 1), ("b", 1)]
            );
            assert!(taken(&db, 299, 10).await.is_empty(), "the lease lasts");
            db.write(Ack(first[0].position)).await.unwrap();
            assert_eq!(taken(&db, 300, 10).await, ["b"], "the lease has ended");
        })
        .await;
    }

    #[tokio::test]
    async fn a_message_that_fails_too_often_is_set_aside_and_may_be_tried_anew_by_hand() {
        on_both(|db| async move {
            db.write(Push(&["a"])).await.unwrap();
            let one = db.write(Take(0, 1)).await.unwrap().remove(0);
            assert_eq!(db.write(Fail(one.clone(), 10)).await.unwrap(), Some(at(70)));
            assert!(taken(&db, 69, 1).await.is_empty());
            let two = db.write(Take(70, 1)).await.unwrap().remove(0);
            assert!(matches!(db.write(Fail(one, 71)).await, Err(Error::Conflict(_))), "a late answer");
            assert_eq!(db.write(Fail(two, 80)).await.unwrap(), None);
            assert!(taken(&db, 99_999, 1).await.is_empty());
            let aside = db.read(Aside).await.unwrap();
            assert_eq!(aside[0].last_error.as_deref(), Some("no answer"));
            let position = aside[0].message.position;
            db.write(Retry(position, 100)).await.unwrap();
            assert_eq!(db.write(Retry(position, 100)).await, Err(Error::NotFound));
            assert_eq!(taken(&db, 100, 1).await, ["a"]);
        })
        .await;
    }

    #[tokio::test]
    async fn a_message_that_ends_its_workers_is_set_aside_and_the_others_go_on() {
        on_both(|db| async move {
            db.write(Push(&["deadly"])).await.unwrap();
            assert_eq!(taken(&db, 0, 1).await, ["deadly"]);
            assert_eq!(taken(&db, 300, 1).await, ["deadly"]);
            db.write(Push(&["b", "c"])).await.unwrap();
            assert_eq!(taken(&db, 600, 1).await, ["b"]);
            assert_eq!(taken(&db, 600, 10).await, ["c"]);
            let aside = db.read(Aside).await.unwrap();
            assert_eq!(
                (aside[0].message.key.as_str(), aside[0].last_error.as_deref()),
                ("deadly", Some(LOST))
            );
        })
        .await;
    }

    #[tokio::test]
    async fn two_nodes_never_take_the_same_message() {
        on_both(|db| async move {
            let keys: Vec<&'static str> =
                (0..200).map(|i| &*Box::leak(i.to_string().into_boxed_str())).collect();
            db.write(Push(Vec::leak(keys))).await.unwrap();
            let nodes = (0..8).map(|_| {
                let db = db.clone();
                tokio::spawn(async move {
                    let mut mine = Vec::new();
                    loop {
                        match taken(&db, 0, 7).await {
                            few if few.is_empty() => return mine,
                            few => mine.extend(few),
                        }
                    }
                })
            });
            let taken = futures_util::future::join_all(nodes.collect::<Vec<_>>()).await;
            let mut all: Vec<String> = taken.into_iter().flat_map(Result::unwrap).collect();
            assert_eq!(all.len(), 200);
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), 200);
        })
        .await;
    }
}
