//! Which keys a database was sealed with, so that nobody serves it with others: what is typed then could be opened by
//! neither.

use super::Sealer;
use crate::{Db, Error, Result, Tx, Work, hex};

/// The field of the mark, which nothing else uses.
const FIELD: &str = "meta.keys";
/// What is marked; any text would do.
const TEXT: &str = "近办";

crate::statements! {
    MARK = "SELECT value FROM meta WHERE name = 'keys'";
    SET_MARK = "INSERT INTO meta (name, value) VALUES ('keys', $1)";
}

/// Marks a database with these keys the first time, and later refuses others. A rotation keeps the mark: it is made with
/// the index key, which never changes.
///
/// # Errors
/// [`Error::Other`] with a sentence when the data was sealed with other keys.
pub async fn refuse_other_keys(db: &Db, sealer: &Sealer) -> Result<()> {
    db.write(Bind(hex::encode(&sealer.index(FIELD, TEXT)))).await
}

struct Bind(String);

impl Work for Bind {
    type Out = ();
    type Err = Error;

    async fn run(&self, tx: &Tx) -> Result<()> {
        match tx.opt::<(String,)>(MARK, &[]).await? {
            None => tx.exec(SET_MARK, &[(&self.0).into()]).await.map(drop),
            Some((mark,)) if mark == self.0 => Ok(()),
            Some(_) => Err(Error::Other(
                "the keys file is not the one that this data was sealed with; bring back the right one"
                    .into(),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::Keys;
    use crate::testing::on_both;

    #[tokio::test]
    async fn data_is_refused_to_other_keys_and_not_to_rotated_ones() {
        on_both(|db| async move {
            let first = Keys::generate(&[7; 48]);
            let with = |keys: &Keys| Sealer::new(keys.clone());
            refuse_other_keys(&db, &with(&first)).await.unwrap();
            refuse_other_keys(&db, &with(&first.clone().with_one_more(&[9; 16]).unwrap().0)).await.unwrap();
            let error = refuse_other_keys(&db, &with(&Keys::generate(&[8; 48]))).await.unwrap_err();
            assert!(error.to_string().contains("not the one"), "{error}");
        })
        .await;
    }
}
