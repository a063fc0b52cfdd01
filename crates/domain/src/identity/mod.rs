//! Accounts: what may happen to the account of a member of staff 工作人员, and which passwords are good enough.

mod document;
mod password;
mod staff;
#[cfg(test)]
mod tests;

pub use document::{Document, DocumentError, DocumentKind};
pub use password::{PasswordDoubt, PasswordRule, check_password};
pub use staff::{
    LOGIN_LENGTH, Post, StaffAccount, StaffCommand, StaffEvent, StaffFact, StaffFacts, StaffRefusal, apply,
    check_login, decide,
};
