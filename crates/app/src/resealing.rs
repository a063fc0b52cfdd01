//! Every sealed column of the product, so that a new key (换密) renews them all.

use crate::Ctx;
use std::sync::Arc;
use store::seal::{Nonces, SealedColumn, reseal};

/// The sealed fields of all capabilities, each called after its table and column; a table's key is `id`.
pub const FIELDS: &[&str] = &[
    "application.form",
    "application.party",
    "attachment.name",
    "draft.form",
    "draft.receipt",
    "paper.content",
    "person.address",
    "person.document",
    "person.name",
    "person.phone",
    "receiver.told",
    "staff_account.totp",
    "window_tab.typed",
];

/// Renews what is under an older key than the current one, and answers how many values it renewed. When no node
/// renewed anything in a whole run, the older keys are needed no more.
///
/// # Errors
/// When the database cannot be used, or a value cannot be opened: altered, or its key is missing.
pub async fn renew(ctx: &Ctx) -> store::Result<u64> {
    let mut renewed = 0;
    for field in FIELDS {
        renewed += renew_field(ctx, field).await?;
    }
    Ok(renewed)
}

async fn renew_field(ctx: &Ctx, field: &'static str) -> store::Result<u64> {
    let entropy = ctx.entropy.clone();
    let nonces: Nonces = Arc::new(move || {
        let mut nonce = [0; 12];
        entropy.fill(&mut nonce);
        nonce
    });
    let mut renewed = 0;
    loop {
        let step = reseal(&ctx.db, &ctx.sealer, SealedColumn::of(field), &nonces).await?;
        renewed += step.renewed as u64;
        if step.done {
            return Ok(renewed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{on_both, world};
    use std::path::Path;
    use store::{Tx, Work};

    /// The columns of bytes of all tables, as `table.column`.
    struct Columns;
    impl Work for Columns {
        type Out = Vec<(String,)>;
        type Err = store::Error;
        async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
            let sql = "SELECT t.name || '.' || c.name FROM sqlite_schema t, pragma_table_info(t.name) c \
                WHERE t.type = 'table' AND c.type = 'BLOB'";
            tx.all(sql, &[]).await
        }
    }

    /// Columns named in the code that hold a blind index or a keyed print; their key never changes.
    const INDEXES: &[&str] = &["api_request.print", "case_record.query_index"];

    /// The code of all capabilities, without this file.
    fn sources(folder: &Path, all: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, all);
            } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("resealing.rs")
            {
                all.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }

    #[tokio::test]
    async fn every_field_that_is_sealed_anywhere_is_renewed_too() {
        let world = world().await;
        let mut code = String::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut code);
        let columns = world.db.read(Columns).await.unwrap();
        let mut named: Vec<&str> = columns
            .iter()
            .map(|(name,)| name.as_str())
            .filter(|name| code.contains(&format!("\"{name}\"")) && !INDEXES.contains(name))
            .collect();
        named.sort_unstable();
        assert_eq!(named, FIELDS, "a field in the code that FIELDS does not list, or the other way round");
    }

    #[tokio::test]
    async fn every_listed_field_is_a_column_of_a_table_with_a_key() {
        on_both(|world| async move { assert_eq!(renew(&world).await, Ok(0)) }).await;
    }
}
