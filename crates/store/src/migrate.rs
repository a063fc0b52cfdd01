//! Numbered changes of the schema, applied once each and in order, and never altered afterwards.

use sm3::{Digest, Sm3};

use crate::{Db, Error, Result, Tx, Work, dialect};

/// One change of the schema, from a file `NNNN_verb_noun.sql`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migration {
    /// Its number; they run in this order.
    pub no: u32,
    /// The file's name without number and ending.
    pub name: &'static str,
    /// Its text with type tokens.
    pub sql: &'static str,
}

/// The tables of this crate itself: journal, outbox, jobs, files. It is number 1 of the product's list.
pub const BASE_MIGRATION: Migration = Migration {
    no: 1,
    name: "create_infrastructure",
    sql: include_str!("../../../migrations/0001_create_infrastructure.sql"),
};

/// Indexes for looking through the journal; number 4 of the product's list.
pub const JOURNAL_MIGRATION: Migration = Migration {
    no: 4,
    name: "index_journal_by_time",
    sql: include_str!("../../../migrations/0004_index_journal_by_time.sql"),
};

/// Signed heads of the chain of blocks; number 15 of the product's list.
pub const HEADS_MIGRATION: Migration = Migration {
    no: 15,
    name: "create_published_heads",
    sql: include_str!("../../../migrations/0015_create_published_heads.sql"),
};

const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migration (
  no {INT} PRIMARY KEY, name TEXT NOT NULL, digest {BYTES} NOT NULL)";
const APPLIED: &str = "SELECT no, digest FROM schema_migration ORDER BY no";
const RECORD: &str = "INSERT INTO schema_migration (no, name, digest) VALUES ($1, $2, $3)";

/// Brings the schema up to date; what was applied before is checked to be unaltered. All in one transaction.
pub async fn migrate(db: &Db, list: &[Migration]) -> Result<()> {
    if !list.is_sorted_by(|a, b| a.no < b.no) {
        return Err(Error::Other("migrations must have rising numbers".into()));
    }
    db.write(Apply(list.to_vec())).await
}

/// Which of the list the database lacks; all of it when it is empty.
pub async fn pending(db: &Db, list: &[Migration]) -> Result<Vec<Migration>> {
    db.read(Pending(list.to_vec())).await
}

struct Pending(Vec<Migration>);

impl Work for Pending {
    type Out = Vec<Migration>;
    type Err = Error;

    async fn run(&self, tx: &Tx) -> Result<Vec<Migration>> {
        if !dialect::has_table(tx, "schema_migration").await? {
            return Ok(self.0.clone());
        }
        let applied: Vec<(u32, Vec<u8>)> = tx.all(APPLIED, &[]).await?;
        Ok(self.0.iter().filter(|m| applied.iter().all(|(no, _)| *no != m.no)).copied().collect())
    }
}

struct Apply(Vec<Migration>);

impl Work for Apply {
    type Out = ();
    type Err = Error;

    async fn run(&self, tx: &Tx) -> Result<()> {
        dialect::lock_schema(tx).await?;
        tx.script(&tx.engine().render(TABLE)).await?;
        let applied: Vec<(u32, Vec<u8>)> = tx.all(APPLIED, &[]).await?;
        if let Some((no, _)) = applied.iter().find(|(no, _)| self.0.iter().all(|m| m.no != *no)) {
            return Err(Error::Other(format!(
                "the database has migration {no}, which this program does not know"
            )));
        }
        for migration in &self.0 {
            let digest = Sm3::digest(migration.sql.as_bytes());
            match applied.iter().find(|(no, _)| *no == migration.no) {
                Some((_, before)) if before[..] == digest[..] => {}
                Some(_) => {
                    return Err(Error::Other(format!("migration {} was altered after use", migration.no)));
                }
                None => apply(tx, migration, &digest).await?,
            }
        }
        Ok(())
    }
}

async fn apply(tx: &Tx, migration: &Migration, digest: &[u8]) -> Result<()> {
    let sql = tx.engine().render(migration.sql);
    let named = |e| Error::Other(format!("migration {} {}: {e}", migration.no, migration.name));
    tx.script(&sql).await.map_err(named)?;
    tx.exec(RECORD, &[migration.no.into(), migration.name.into(), digest.into()]).await.map(drop)
}
