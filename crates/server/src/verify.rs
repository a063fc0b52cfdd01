//! `jinban verify`: the proof an auditor asks for, without a running server.

use crate::config::Config;
use crate::open;
use crate::serve::{block_on, say};
use anyhow::{Context, ensure};
use store::journal::Broken;
use store::transfer;

/// Proves the data and prints what was found.
///
/// # Errors
/// When the data cannot be read, or with the first thing that is wrong.
pub fn run(config: &Config) -> anyhow::Result<()> {
    if config.database.is_none() {
        let file = config.data.join("jinban.db");
        ensure!(file.is_file(), "There is no database {}; give the data folder with --data.", file.display());
    }
    let (report, (files, damaged)) = block_on(async {
        let db = open::database(config)?;
        open::refuse_outdated(&db).await?;
        let report = app::proof::prove(&db).await.context("The data cannot be read")?;
        let files = config.files()?;
        files.reach().await.context("The store of files does not answer")?;
        let looked = transfer::damaged_file(&open::place(config), &files).await;
        Ok((report, looked.context("The files cannot be read")?))
    })?;
    match &report.journal {
        None => say("journal: whole"),
        Some(broken) => say(&format!("journal: BROKEN at {}", place(broken))),
    }
    for (kind, outcome) in &report.kinds {
        match outcome.unproven {
            None => say(&format!("{kind}: {} rows, each the sum of its events", outcome.rows)),
            Some(id) => say(&format!("{kind}: row {id} is NOT the sum of its events")),
        }
    }
    match damaged {
        None => say(&format!("files: {files}, each what was put")),
        Some(digest) => say(&format!("files: {digest} is MISSING or DAMAGED")),
    }
    ensure!(
        report.holds() && damaged.is_none(),
        "The data was altered; keep the database as it is and compare it with the last backup."
    );
    Ok(())
}

fn place(broken: &Broken) -> String {
    match broken {
        Broken::Event { stream_kind, stream_id, seq } => format!("event {seq} of {stream_kind} {stream_id}"),
        Broken::Block { no } => format!("block {no}"),
    }
}
