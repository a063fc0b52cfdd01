//! How a person is kept: the fold of the events in the row, beside it the sealed values that the journal never holds.

use super::super::sql;
use crate::run::Aggregate;
use domain::identity::DocumentKind;
use domain::kernel::CitizenId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{FromRow, Row, Tx, Val};
use uuid::Uuid;

/// How surely we know who it is 实名等级.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assurance {
    /// The person said so: the number is a number, nothing more.
    #[default]
    Declared,
    /// A clerk saw the document and the person 窗口面对面.
    Seen,
}

/// What is known of a person without opening anything: the fold of the events.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The kind of document.
    pub document: DocumentKind,
    /// For a firm: the natural person who acts for it 经办人.
    pub handler: Option<CitizenId>,
    /// How surely we know who it is.
    pub assurance: Assurance,
    /// An online account has been opened.
    pub has_account: bool,
    /// The number does not fit its arithmetic and was taken as issued: why, in the words of the clerk who saw it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_issued: Option<String>,
}

impl Known {
    /// Whether it is a legal person.
    #[must_use]
    pub fn is_firm(&self) -> bool {
        self.document == DocumentKind::Uscc
    }
}

pub(in crate::identity) fn parsed(state: &str) -> store::Result<Known> {
    serde_json::from_str(state).map_err(|e| store::Error::Corrupt(format!("state of a person: {e}")))
}

/// What is sealed of a person, as it lies in the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sealed {
    pub document: Vec<u8>,
    pub document_index: Vec<u8>,
    pub name: Vec<u8>,
    pub name_index: Vec<u8>,
    pub phone: Option<Vec<u8>>,
    pub phone_index: Option<Vec<u8>>,
    pub address: Option<Vec<u8>>,
}

/// A person on the one road.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::identity) struct PersonRecord {
    pub id: Uuid,
    pub version: i64,
    pub masked: String,
    pub known: Known,
    /// Only while a person is made.
    pub(super) sealed: Option<Sealed>,
}

/// Something that happened to what is known of a person; the journal holds no value, only that it happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::identity) struct PersonEvent {
    pub at: Timestamp,
    #[serde(flatten)]
    pub fact: PersonFact,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub(in crate::identity) enum PersonFact {
    /// Became known.
    Registered {
        document: DocumentKind,
        handler: Option<CitizenId>,
        assurance: Assurance,
        /// Why a number that does not fit its arithmetic was taken as issued.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        as_issued: Option<String>,
    },
    /// A clerk saw person and document.
    Verified,
    /// Phone or address were entered anew.
    ContactChanged,
    /// An online account was opened.
    AccountOpened,
    /// The password of the account was changed.
    PasswordChanged,
    /// Somebody looked at values in full.
    Revealed { fields: Vec<String>, reason: String },
}

impl Aggregate for PersonRecord {
    const STREAM: &'static str = "person";
    type Event = PersonEvent;

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn kind(event: &PersonEvent) -> &'static str {
        match event.fact {
            PersonFact::Registered { .. } => "registered",
            PersonFact::Verified => "verified",
            PersonFact::ContactChanged => "contact_changed",
            PersonFact::AccountOpened => "account_opened",
            PersonFact::PasswordChanged => "password_changed",
            PersonFact::Revealed { .. } => "revealed",
        }
    }

    fn happened_at(event: &PersonEvent) -> Timestamp {
        event.at
    }

    fn apply(mut self, event: &PersonEvent) -> Self {
        self.version += 1;
        match &event.fact {
            PersonFact::Registered { document, handler, assurance, as_issued } => {
                self.known = Known {
                    document: *document,
                    handler: *handler,
                    assurance: *assurance,
                    has_account: false,
                    as_issued: as_issued.clone(),
                };
            }
            PersonFact::Verified => self.known.assurance = Assurance::Seen,
            PersonFact::AccountOpened => self.known.has_account = true,
            PersonFact::ContactChanged | PersonFact::PasswordChanged | PersonFact::Revealed { .. } => {}
        }
        self
    }

    async fn save(&self, tx: &Tx, was: i64) -> store::Result<()> {
        let state = serde_json::to_string(&self.known).map_err(|e| store::Error::Other(e.to_string()))?;
        let (id, version) = (self.id.into(), self.version.into());
        let Some(sealed) = self.sealed.as_ref().filter(|_| was == 0) else {
            return match tx.exec(sql::UPDATE_PERSON, &[id, was.into(), version, (&state).into()]).await? {
                1 => Ok(()),
                _ => Err(store::Error::Conflict("the person was changed meanwhile".into())),
            };
        };
        let row: [Val<'_>; 14] = [
            id,
            version,
            if self.known.is_firm() { "legal" } else { "natural" }.into(),
            self.known.document.word().into(),
            (&sealed.document).into(),
            (&sealed.document_index).into(),
            (&sealed.name).into(),
            (&sealed.name_index).into(),
            sealed.phone.as_ref().into(),
            sealed.phone_index.as_ref().into(),
            sealed.address.as_ref().into(),
            (&self.masked).into(),
            (&state).into(),
            self.known.handler.map(CitizenId::uuid).into(),
        ];
        tx.exec(sql::INSERT_PERSON, &row).await.map(drop)
    }
}

impl FromRow for PersonRecord {
    fn from_row(row: &Row<'_>) -> store::Result<Self> {
        let state: String = row.get(3)?;
        let (id, version, masked) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(Self { id, version, masked, known: parsed(&state)?, sealed: None })
    }
}
