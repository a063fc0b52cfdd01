//! The law and the rules of grassroots government service, and nothing else.
//!
//! This crate is pure: no clock, no input or output, no random number, no database, no page. Whatever a rule needs to
//! know of the world arrives as a parameter, so every rule can be read, tested and replayed on its own.

pub mod cases;
pub mod catalogue;
pub mod identity;
pub mod kernel;
pub mod org;
pub mod rights;
