//! Accounts: what may happen to the account of a member of staff 工作人员 and to a client 接入系统, and which passwords are good
//! enough.

mod client;
mod document;
mod password;
mod staff;
#[cfg(test)]
mod tests;

pub use client::{
    ApiClient, ClientCommand, ClientEvent, ClientFact, ClientRefusal, ClientScope, ClientScopes,
    LONGEST_CLIENT_NAME, apply_client, client_actor, decide_client,
};
pub use document::{Document, DocumentError, DocumentKind};
pub use password::{PasswordDoubt, PasswordRule, check_password};
pub use staff::{
    LOGIN_LENGTH, Post, StaffAccount, StaffCommand, StaffEvent, StaffFact, StaffFacts, StaffRefusal, apply,
    check_login, decide,
};
