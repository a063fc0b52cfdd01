//! People: who is asking, what they may do, and whom matters are about.
//!
//! A handler takes [`Staff`] or [`Citizen`] as an argument (or an `Option` of them) and asks [`guard`] about the thing it
//! is going to show or change. Persons are found, registered and looked at through [`persons`].

mod account;
mod by;
mod citizen;
mod client;
mod colleagues;
pub mod demo;
mod entry;
mod extract;
mod first;
mod form;
mod keep;
mod pages;
mod people;
mod person;
mod posts;
mod proofs;
mod second;
mod secret;
mod session;
pub mod sql;
#[cfg(any(test, feature = "testing"))]
#[allow(clippy::expect_used, reason = "a test stops where its people cannot be made")]
pub mod testing;
#[cfg(test)]
mod tests;
mod token;
mod waits;

pub use account::{
    AccountError, AccountRecord, NewStaff, act, create_staff, find, new_post, reset_password, staff_by_login,
};
pub use by::By;
use client::Client;

pub use citizen::{Builtin, Claim, NewAccount, OpenError, Proven, Provider, open_account};
pub use colleagues::colleagues;
pub use extract::{Citizen, Staff};
pub use first::create_named;
pub use keep::keep_typed;
pub use pages::{home, routes};
pub use people::{id_of, list};
pub use token::Side;

use crate::proof::{self, Outcome};
use crate::run::Aggregate as _;
use crate::web::Fault;
use domain::org::OrgPath;
use domain::rights::{Actor, Permission, Relation, decide};
use store::Db;

/// The people whom matters are about, natural and legal.
pub mod persons {
    pub use super::person::{
        Assurance, Known, NewPerson, PersonError, PersonInFull, PersonView, find_by_document, firms_of,
        in_full, register, reveal, view,
    };
}

/// Lets through who holds the permission for a thing that belongs to `target` and stands to them as `relation`.
///
/// # Errors
/// The same "not found" as for a thing that is not there: who may not see something does not learn that it exists.
pub fn guard(
    actor: &Actor,
    permission: Permission,
    target: &OrgPath,
    relation: Relation,
) -> Result<(), Fault> {
    if decide(actor, permission, target, relation).allowed { Ok(()) } else { Err(Fault::not_found()) }
}

/// The programs of departments that work over the API.
pub mod clients {
    pub(crate) use super::client::{Allowance, admit};
    pub use super::client::{
        Client, ClientError, ClientRecord, Granted, NewSecret, Quotas, TOKEN_LIFE, TokenError, act,
        draw_secret, find, forget_ended, grant, list, open, open_named,
    };
}

/// Compares every account, every client and every person with their streams in the journal.
///
/// # Errors
/// When the data cannot be read.
pub async fn proven(db: &Db) -> store::Result<Vec<(&'static str, Outcome)>> {
    let accounts = (AccountRecord::STREAM, proof::all::<AccountRecord>(db).await?);
    let persons = (person::PersonRecord::STREAM, proof::all::<person::PersonRecord>(db).await?);
    let clients = (client::ClientRecord::STREAM, proof::all::<client::ClientRecord>(db).await?);
    Ok(vec![accounts, persons, clients])
}
