//! How a paper is kept: what was fixed when it was issued, the digest of its file, and whether it was declared void.

use ::papers::{Kind, Paper};
use domain::kernel::CaseId;
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use store::files::{self, Digest};
use store::{FromRow, Row, Tx, Val};
use uuid::Uuid;

use super::sql;
use crate::Ctx;
use crate::proof::Proven;
use crate::run::Aggregate;

/// The name under which the content of a paper is sealed.
const CONTENT: &str = "paper.content";

/// What was fixed when a paper was issued; nothing of it names a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// The case.
    pub case: CaseId,
    /// The event of the case it tells of.
    pub seq: i64,
    /// Which paper.
    pub kind: Kind,
    /// Its title.
    pub title: String,
    /// Its document number 文号.
    pub number: String,
    /// Who issued it.
    pub organ: String,
    /// The day on it.
    pub on: Date,
    /// The SM3 digest of its verification code, which no event says in clear.
    #[serde(default)]
    pub code: Option<String>,
}

/// What can happen to a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    /// 签发.
    Issued {
        /// What was fixed.
        what: Box<Issued>,
    },
    /// The PDF is there.
    Made {
        /// Its SM3 digest.
        file: String,
    },
    /// 作废.
    Voided {
        /// Why, as the verification page says it.
        reason: String,
    },
}

/// An entry of a paper's journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub fact: Fact,
}

/// The fold of a paper's events.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// What was fixed; `None` before it was issued.
    pub issued: Option<Issued>,
    /// The digest of its PDF, once made.
    pub file: Option<String>,
    /// Why it no longer holds.
    pub voided: Option<String>,
}

/// A paper with what is kept beside its fold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperRecord {
    /// Its id.
    pub id: Uuid,
    /// How many events its stream has.
    pub version: i64,
    /// The verification code, ungrouped.
    pub code: String,
    /// What it says, sealed.
    pub content: Vec<u8>,
    /// The fold of its events.
    pub state: State,
}

/// The digest of a verification code in the journal.
pub fn code_digest(code: &str) -> String {
    Digest::of(code.as_bytes()).to_string()
}

impl PaperRecord {
    /// Seals what a paper says.
    pub fn seal(ctx: &Ctx, paper: &Paper, nonce: [u8; 12]) -> store::Result<Vec<u8>> {
        let text = serde_json::to_string(paper).map_err(|e| store::Error::Other(e.to_string()))?;
        Ok(ctx.sealer.seal(CONTENT, &text, nonce))
    }

    /// What it says.
    ///
    /// # Errors
    /// When it was altered or the key is missing.
    pub fn open(&self, ctx: &Ctx) -> store::Result<Paper> {
        let text = ctx.sealer.open(CONTENT, &self.content)?;
        serde_json::from_str(&text).map_err(|_| {
            store::Error::Corrupt(format!("the content of paper {} cannot be understood", self.id))
        })
    }

    /// What was fixed when it was issued.
    ///
    /// # Errors
    /// When the row was never issued, which no way of ours leaves behind.
    pub fn issued(&self) -> store::Result<&Issued> {
        let none = || store::Error::Corrupt(format!("paper {} was never issued", self.id));
        self.state.issued.as_ref().ok_or_else(none)
    }

    /// The digest of its PDF, once made.
    ///
    /// # Errors
    /// When the stored text is no digest.
    pub fn file(&self) -> store::Result<Option<Digest>> {
        let bad = |_| store::Error::Corrupt(format!("paper {} names no digest", self.id));
        self.state.file.as_deref().map(|file| file.parse().map_err(bad)).transpose()
    }
}

impl FromRow for PaperRecord {
    fn from_row(row: &Row<'_>) -> store::Result<Self> {
        let state: String = row.get(4)?;
        Ok(Self {
            id: row.get(0)?,
            version: row.get(1)?,
            code: row.get(2)?,
            content: row.get(3)?,
            state: serde_json::from_str(&state)
                .map_err(|e| store::Error::Corrupt(format!("state of a paper: {e}")))?,
        })
    }
}

impl Aggregate for PaperRecord {
    const STREAM: &'static str = "paper";
    type Event = Event;

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn kind(event: &Event) -> &'static str {
        match event.fact {
            Fact::Issued { .. } => "paper_issued",
            Fact::Made { .. } => "paper_made",
            Fact::Voided { .. } => "paper_voided",
        }
    }

    fn happened_at(event: &Event) -> Timestamp {
        event.at
    }

    fn apply(self, event: &Event) -> Self {
        let mut state = self.state;
        match &event.fact {
            Fact::Issued { what } => state.issued = Some(what.as_ref().clone()),
            Fact::Made { file } => state.file = Some(file.clone()),
            Fact::Voided { reason } => state.voided = Some(reason.clone()),
        }
        Self { version: self.version + 1, state, ..self }
    }

    async fn save(&self, tx: &Tx, was: i64) -> store::Result<()> {
        let state = serde_json::to_string(&self.state).map_err(|e| store::Error::Other(e.to_string()))?;
        if was == 0 {
            let issued = self.issued()?;
            let row: [Val<'_>; 8] = [
                self.id.into(),
                self.version.into(),
                (&self.code).into(),
                issued.case.uuid().into(),
                issued.seq.into(),
                issued.kind.as_str().into(),
                (&self.content).into(),
                (&state).into(),
            ];
            return tx.exec(sql::INSERT_PAPER, &row).await.map(drop);
        }
        let row: [Val<'_>; 4] = [self.id.into(), was.into(), self.version.into(), (&state).into()];
        match tx.exec(sql::UPDATE_PAPER, &row).await? {
            1 => Ok(()),
            _ => Err(store::Error::Conflict("the paper was changed meanwhile".into())),
        }
    }
}

impl Proven for PaperRecord {
    const ROWS_AFTER: &'static str = sql::PAPERS_AFTER;

    fn columns_fit(&self, row: &Row<'_>) -> store::Result<bool> {
        let issued = self.issued()?;
        Ok(row.get::<Uuid>(5)? == issued.case.uuid()
            && row.get::<i64>(6)? == issued.seq
            && row.get::<String>(7)? == issued.kind.as_str()
            && issued.code.as_ref().is_none_or(|said| *said == code_digest(&self.code)))
    }

    fn unfolded(&self) -> Self {
        Self { version: 0, state: State::default(), ..self.clone() }
    }

    async fn beside(tx: &Tx, _: Uuid, rows: &[&Self]) -> store::Result<Option<Uuid>> {
        for row in rows {
            let Some(digest) = row.file()? else { continue };
            if files::size(tx, &digest).await?.is_none() {
                return Ok(Some(row.id));
            }
        }
        Ok(None)
    }
}
