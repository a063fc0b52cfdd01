//! A companion of a write: a note taken in the same transaction as a change that somebody else carries out, so that both are
//! kept or neither. It is how a request that changes something leaves, with its change, what it answered.

use std::fmt::Debug;
use std::pin::Pin;

use crate::{Result, Tx};

/// What a companion does, boxed.
pub type Noting<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

/// Something to be noted after a work and with it. The rules of [`crate::Work`] hold: it may run more than once, and awaits nothing
/// but its transaction.
pub trait Companion: Debug + Send + Sync + 'static {
    /// Notes it; an error rolls the whole transaction back.
    fn note<'a>(&'a self, tx: &'a Tx) -> Noting<'a>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::on_both_with;
    use crate::{BASE_MIGRATION, Error, Work};
    use std::sync::Arc;

    const SET: &str = "INSERT INTO meta (name, value) VALUES ($1, '1')";

    struct Put(&'static str, bool);

    impl Work for Put {
        type Out = ();
        type Err = Error;

        async fn run(&self, tx: &Tx) -> Result<()> {
            tx.exec(SET, &[self.0.into()]).await?;
            if self.1 { Ok(()) } else { Err(Error::NotFound) }
        }
    }

    #[derive(Debug)]
    struct Noted(bool);

    impl Companion for Noted {
        fn note<'a>(&'a self, tx: &'a Tx) -> Noting<'a> {
            Box::pin(async move {
                tx.exec(SET, &["noted".into()]).await?;
                if self.0 { Ok(()) } else { Err(Error::Busy) }
            })
        }
    }

    struct Names;

    impl Work for Names {
        type Out = Vec<(String,)>;
        type Err = Error;

        async fn run(&self, tx: &Tx) -> Result<Self::Out> {
            tx.all("SELECT name FROM meta WHERE value = '1' ORDER BY name", &[]).await
        }
    }

    #[tokio::test]
    async fn a_change_and_its_note_are_kept_together_or_not_at_all() {
        on_both_with(&[BASE_MIGRATION], |db| async move {
            let names =
                || async { db.read(Names).await.unwrap().into_iter().map(|row| row.0).collect::<Vec<_>>() };
            let unnoted = db.accompanied(Arc::new(Noted(false)));
            assert_eq!(unnoted.write(Put("a", true)).await, Err(Error::Busy));
            let noted = db.accompanied(Arc::new(Noted(true)));
            assert_eq!(noted.write(Put("b", false)).await, Err(Error::NotFound));
            assert!(names().await.is_empty());
            noted.write(Put("c", true)).await.unwrap();
            db.write(Put("d", true)).await.unwrap();
            assert_eq!(names().await, ["c", "d", "noted"]);
        })
        .await;
    }
}
