//! Publishing the journal's head 公布存证: once a day the hash of the newest block is signed, kept, appended to a file that
//! others copy away, and shown to everybody.

mod document;
mod pages;
#[cfg(test)]
mod tests;

use crate::Ctx;
use axum::Router;
use axum::routing::get;
use domain::kernel::time::legal_day;
use std::path::{Path, PathBuf};
use store::journal::{self, Disproof, NO_DAY, SignedHead};
use store::sign::SigningKey;
use store::{Error, Tx, Work};

pub use document::{HeadDocument, read_heads};

/// The file in the folder of published heads: one head a line, as JSON, oldest first.
pub const FILE: &str = "heads.jsonl";
/// Heads appended at one time.
const AT_ONCE: u32 = 1000;

/// What signs the heads, and where they are written.
#[derive(Debug)]
pub struct Publishing {
    /// The key.
    pub key: SigningKey,
    /// The folder that others copy away.
    pub folder: PathBuf,
}

/// Public pages: the list for people, and for programs.
pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/journal/heads", get(pages::list))
        .route("/journal/heads.json", get(pages::for_programs))
}

struct Newest;

impl Work for Newest {
    type Out = (Option<journal::Block>, Option<(SignedHead, Option<Disproof>)>);
    type Err = Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        let block = journal::last_blocks(tx, None, 1).await?.into_iter().next();
        let Some(last) = journal::published_before(tx, NO_DAY, 1).await?.into_iter().next() else {
            return Ok((block, None));
        };
        let wrong = journal::check_head(tx, &last).await?;
        Ok((block, Some((last, wrong))))
    }
}

struct Publish(SignedHead);

impl Work for Publish {
    type Out = bool;
    type Err = Error;

    async fn run(&self, tx: &Tx) -> store::Result<bool> {
        journal::publish(tx, &self.0).await
    }
}

struct After(String);

impl Work for After {
    type Out = Vec<SignedHead>;
    type Err = Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        journal::published_after(tx, &self.0, AT_ONCE).await
    }
}

/// Signs the newest block when today's head is not published yet, brings this node's file up to date, and says how many
/// heads it appended. Any node may call it as often as it likes: a day has one head.
///
/// # Errors
/// [`Error::Corrupt`] when the journal no longer holds what was published last: such a journal is not signed. Otherwise
/// when the data or the file cannot be read or written.
pub async fn publish_due(ctx: &Ctx) -> store::Result<u64> {
    let Some(publishing) = &ctx.publishing else { return Ok(0) };
    let (newest, last) = ctx.db.read(Newest).await?;
    if let Some((head, Some(wrong))) = &last {
        return Err(Error::Corrupt(format!("the head published on {}: {}", head.day, sentence(head, wrong))));
    }
    let today = legal_day(ctx.now()).to_string();
    let is_due = last.is_none_or(|(head, _)| head.day < today);
    if let Some(block) = newest.filter(|_| is_due) {
        let head = SignedHead::sign(&publishing.key, &today, &block, ctx.now())?;
        ctx.db.write(Publish(head)).await?;
    }
    append(ctx, &publishing.folder).await
}

/// Appends to the file what was published since its last line. The new file takes the old one's place all at once.
async fn append(ctx: &Ctx, folder: &Path) -> store::Result<u64> {
    let path = folder.join(FILE);
    let failed = |e: std::io::Error| Error::Unavailable(format!("{}: {e}", path.display()));
    tokio::fs::create_dir_all(folder).await.map_err(failed)?;
    let text = match tokio::fs::read_to_string(&path).await {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(e) => return Err(failed(e)),
    };
    let last = read_heads(&text)?.pop().map(|head| head.day).unwrap_or_default();
    let heads = ctx.db.read(After(last)).await?;
    if heads.is_empty() {
        return Ok(0);
    }
    let mut text = text;
    for head in &heads {
        text += &HeadDocument::from(head).line()?;
    }
    let beside = folder.join("heads.new");
    let write = async {
        tokio::fs::write(&beside, text).await?;
        tokio::fs::File::open(&beside).await?.sync_all().await?;
        tokio::fs::rename(&beside, &path).await?;
        tokio::fs::File::open(folder).await?.sync_all().await
    };
    write.await.map_err(failed)?;
    Ok(heads.len() as u64)
}

/// What is wrong with a head, for an operator or an auditor.
#[must_use]
pub fn sentence(head: &SignedHead, wrong: &Disproof) -> String {
    let block = head.block;
    match wrong {
        Disproof::Forged => "its signature is not that of the key it names".to_owned(),
        Disproof::CutOff { newest } => {
            format!(
                "block {block} is no longer there, the journal ends at block {newest}: its end was cut off"
            )
        }
        Disproof::Rewritten => format!("another block {block} stands there now: the journal was rewritten"),
    }
}
