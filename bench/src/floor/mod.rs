//! Floors: small programs that do only the part of the same work that nobody can avoid.

pub mod page;
pub mod rows;
mod sql;
pub mod writes;
