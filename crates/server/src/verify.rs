//! `jinban verify`: the proof an auditor asks for, without a running server.

use crate::config::Config;
use crate::open;
use crate::serve::{block_on, say};
use anyhow::{Context, ensure};
use app::proof::SealedReport;
use app::publishing::{read_heads, sentence};
use std::path::Path;
use store::journal::{self, Broken, Disproof, SignedHead};
use store::seal::{Keys, Sealer};
use store::{Db, Tx, Work, transfer};

/// Proves the data, with `heads` also that it still holds what was published, and prints what was found.
///
/// # Errors
/// When the data cannot be read, or with the first thing that is wrong.
pub fn run(config: &Config, heads: Option<&Path>) -> anyhow::Result<()> {
    if config.database.is_none() {
        let file = config.data.join("jinban.db");
        ensure!(file.is_file(), "There is no database {}; give the data folder with --data.", file.display());
    }
    let published = heads.map(read).transpose()?.unwrap_or_default();
    let (report, sealed, stand, (files, damaged)) = block_on(async {
        let db = open::database(config)?;
        open::refuse_outdated(&db).await?;
        let stand = still_stand(&db, published).await?;
        let report = app::proof::prove(&db).await.context("The data cannot be read")?;
        let sealed = match sealer(config)? {
            Some(sealer) => {
                Some(app::proof::prove_sealed(&db, &sealer).await.context("The data cannot be read")?)
            }
            None => None,
        };
        let files = config.files()?;
        files.reach().await.context("The store of files does not answer")?;
        let looked = transfer::damaged_file(&open::place(config), &files).await;
        Ok((report, sealed, stand, looked.context("The files cannot be read")?))
    })?;
    match &report.journal {
        None => say("journal: whole"),
        Some(broken) => say(&format!("journal: BROKEN at {}", place(broken))),
    }
    for (kind, outcome) in &report.kinds {
        match outcome.unproven {
            None => say(&format!("{kind}: {} rows, each what the journal says", outcome.rows)),
            Some(id) => say(&format!("{kind}: row {id} is NOT what the journal says")),
        }
    }
    match &sealed {
        None => say(&format!(
            "sealed values: not looked at, there is no keys file {}",
            config.keys_file().display()
        )),
        Some(sealed) => tell_sealed(sealed),
    }
    match damaged {
        None => say(&format!("files: {files}, each what was put")),
        Some(digest) => say(&format!("files: {digest} is MISSING or DAMAGED")),
    }
    ensure!(
        stand && report.holds() && damaged.is_none() && sealed.is_none_or(|sealed| sealed.holds()),
        "The data was altered; keep the database as it is and compare it with the last backup."
    );
    Ok(())
}

/// What opens the sealed values, where the keys lie at hand: whoever proves a copy need not have them.
fn sealer(config: &Config) -> anyhow::Result<Option<Sealer>> {
    let file = config.keys_file();
    if config.keys.is_none() && !file.exists() {
        return Ok(None);
    }
    Ok(Some(Sealer::new(Keys::read(&file)?)))
}

fn tell_sealed(report: &SealedReport) {
    let values: u64 = report.columns.iter().map(|(_, values, _)| values).sum();
    let mut altered = false;
    for (field, _, row) in &report.columns {
        if let Some(row) = row {
            say(&format!("{field}: the value of row {row} was ALTERED, or its key is missing"));
            altered = true;
        }
    }
    if !altered {
        say(&format!("sealed values: {values}, each opens"));
    }
    match report.forms.unproven {
        None => say(&format!("forms: {}, each the one that was handed in", report.forms.rows)),
        Some(case) => say(&format!("forms: that of case {case} is NOT the one that was handed in")),
    }
}

/// The published heads in a file.
fn read(file: &Path) -> anyhow::Result<Vec<SignedHead>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let heads = read_heads(&text).with_context(|| format!("{} cannot be used", file.display()))?;
    ensure!(!heads.is_empty(), "There is no published head in {}.", file.display());
    Ok(heads)
}

struct Check(SignedHead);

impl Work for Check {
    type Out = Option<Disproof>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        journal::check_head(tx, &self.0).await
    }
}

/// Compares the heads with the journal, prints what was found, and answers whether all of them stand.
async fn still_stand(db: &Db, heads: Vec<SignedHead>) -> anyhow::Result<bool> {
    let (count, mut stand) = (heads.len(), true);
    let mut keys: Vec<String> = Vec::new();
    for head in heads {
        let key = head.public_key.to_string();
        if !keys.contains(&key) {
            keys.push(key);
        }
        if let Some(wrong) = db.read(Check(head.clone())).await? {
            say(&format!("published head of {}: {}", head.day, sentence(&head, &wrong)));
            stand = false;
        }
    }
    if stand && count > 0 {
        say(&format!("published heads: {count}, each still stands"));
    }
    for key in keys {
        say(&format!("signed by {key} (compare it with the key that was made known)"));
    }
    Ok(stand)
}

fn place(broken: &Broken) -> String {
    match broken {
        Broken::Event { stream_kind, stream_id, seq } => format!("event {seq} of {stream_kind} {stream_id}"),
        Broken::Block { no } => format!("block {no}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::publishing::HeadDocument;
    use store::journal::{NewEvent, Stamp, Stream};
    use store::sign::SigningKey;
    use uuid::Uuid;

    /// Enters one event, seals it and signs the block.
    struct Day(u8);

    impl Work for Day {
        type Out = SignedHead;
        type Err = store::Error;

        async fn run(&self, tx: &Tx) -> store::Result<SignedHead> {
            let now = jiff::Timestamp::UNIX_EPOCH;
            let stamp = Stamp { actor: "a".into(), org: None, trace: "t".into(), entered_at: now };
            let event =
                NewEvent { kind: "made".into(), body_json: "{}".into(), happened_at: now, ground: None };
            let stream = Stream { kind: "thing", id: Uuid::from_bytes([self.0; 16]) };
            journal::append(tx, stream, 0, &stamp, &[event]).await?;
            journal::seal_block(tx, now).await?;
            let block = journal::last_blocks(tx, None, 1).await?[0];
            SignedHead::sign(&SigningKey::generate(&[7; 32])?, "2026-03-02", &block, now)
        }
    }

    /// Takes the newest event away with everything that remembers it.
    struct CutOff;

    impl Work for CutOff {
        type Out = ();
        type Err = store::Error;

        async fn run(&self, tx: &Tx) -> store::Result<()> {
            for statement in [
                "DELETE FROM journal WHERE stream_id = (SELECT stream_id FROM journal_leaf WHERE block_no = 2)",
                "DELETE FROM journal_leaf WHERE block_no = 2",
                "DELETE FROM journal_block WHERE no = 2",
            ] {
                assert_eq!(tx.exec(statement, &[]).await?, 1);
            }
            Ok(())
        }
    }

    #[test]
    fn an_end_that_was_cut_off_cleanly_is_found_by_a_head_that_somebody_kept() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { data: folder.path().join("data"), ..Config::default() };
        let kept = folder.path().join("heads.jsonl");
        let db = block_on(async {
            let db = open::database(&config)?;
            open::migrate(&db).await?;
            db.write(Day(1)).await?;
            let head = db.write(Day(2)).await?;
            std::fs::write(&kept, serde_json::to_string(&HeadDocument::from(&head))?)?;
            Ok(db)
        })
        .unwrap();
        run(&config, Some(&kept)).unwrap();
        block_on(async { Ok(db.write(CutOff).await?) }).unwrap();
        run(&config, None).unwrap();
        let error = run(&config, Some(&kept)).unwrap_err().to_string();
        assert!(error.contains("altered"), "{error}");
        std::fs::write(&kept, "").unwrap();
        assert!(run(&config, Some(&kept)).unwrap_err().to_string().contains("no published head"));
    }
}
