//! Cases 办件: from the application to the archive. Every change goes the one road (`crate::run`) through the law
//! (`domain::cases`); pages and the API read [`view`], [`worklist`], [`open_cases`] and act by [`act_as_staff`] and
//! [`act_as_citizen`].

mod acting;
mod attachments;
mod case_view;
mod clock;
mod counts;
mod due_light;
mod effect;
mod history;
mod in_full;
mod inbox;
mod kept;
mod lists;
mod lookup;
mod numbered;
mod opening;
mod party;
mod presence;
mod reactions;
mod receiver;
mod record;
mod scanning;
mod sight;
pub mod sql;
mod tallies;
mod tasks;
mod timeline;
mod timers;
mod trust;
mod who;

use domain::kernel::CaseId;
use store::{Db, Tx, Work};

pub use acting::{
    ActError, BATCH, BatchOutcome, InTurn, Moment, act_as_citizen, act_as_staff, act_as_system, act_in_turn,
    act_together, grant_batch, rehearse,
};
pub use attachments::{
    Attachment, FileError, LARGEST, NAME_FIELD, NewAttachment, SealedAttachment, files_of, keep, read_file,
    store_file,
};
pub use case_view::{CaseView, MaterialView, NoticeView, Sibling, StepView, StopGroundView};
pub use clock::{Clock, LimitView, Nearness};
pub use counts::{Figures, Overview, overview};
pub use due_light::light;
pub use effect::{Effect, MOST_LOOKED_AT, Moved, due_beyond, effect_of, id_of_number};
pub use history::{History, enter_history};
pub use in_full::{InFull, may_see_in_full, see_in_full, see_person_in_full};
pub use inbox::{Message, mark_read, messages, unread};
pub use kept::{prove_files, prove_forms};
pub use lists::{After, CaseFilter, CaseRow, MOST, Page, entered_by, mine, open_cases};
pub use lookup::{LookupError, by_number_and_code, query_index};
pub use numbered::find_by_number;
pub use opening::{Application, Opening, add_application, open_case};
pub use party::{Answer, FORM_FIELD, PARTY_FIELD, Party, form_digest, party_of};
pub use presence::{forget_silent, gone, heartbeat, here, present};
pub use reactions::{Reaction, reaction};
pub use receiver::{RECEIVER_FIELD, Receiver, find_receiver, note_receiver};
pub use record::{CaseRecord, Derived};
pub use sight::{read_number, view};
pub use tallies::Tallies;
pub use tasks::{TaskFilter, TaskRow, worklist};
pub use timeline::TimelineEntry;
pub use timers::{ARCHIVE, REMIND, SILENCE, run_archive, run_recount, run_reminder, run_silence};
pub use trust::{Distrust, TrustError, TrustRecord, distrust, may_promise, open_distrust, repair_trust};
pub use who::{By, StaffActor, holds_over};

use crate::proof;
use crate::run::Aggregate;

/// The topic under which changes of cases stand in the outbox.
pub const TOPIC: &str = CaseRecord::STREAM;

struct ById(CaseId);

impl Work for ById {
    type Out = Option<CaseRecord>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Option<CaseRecord>> {
        tx.opt(sql::CASE_BY_ID, &[self.0.uuid().into()]).await
    }
}

/// The case with that id, if there is one.
///
/// # Errors
/// When the data cannot be read.
pub async fn find(db: &Db, id: CaseId) -> store::Result<Option<CaseRecord>> {
    db.read(ById(id)).await
}

/// Version and status of a case inside a transaction: what a change in it leaves.
///
/// # Errors
/// When there is no such case or it cannot be read.
pub async fn standing(tx: &Tx, id: CaseId) -> store::Result<(i64, domain::cases::Status)> {
    let record: CaseRecord = tx.one(sql::CASE_BY_ID, &[id.uuid().into()]).await?;
    Ok((record.version, record.case.status))
}

struct Proven(CaseId);

impl Work for Proven {
    type Out = bool;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<bool> {
        match tx.opt::<CaseRecord>(sql::CASE_BY_ID, &[self.0.uuid().into()]).await? {
            Some(row) => proof::is_proven(tx, &row).await,
            None => Ok(false),
        }
    }
}

/// Whether the row of a case is the fold of its stream.
///
/// # Errors
/// When the data cannot be read or an event cannot be understood.
pub async fn is_proven(db: &Db, id: CaseId) -> store::Result<bool> {
    db.read(Proven(id)).await
}
