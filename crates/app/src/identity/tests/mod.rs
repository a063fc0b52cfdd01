//! People on both databases: accounts, persons, who gets in and who does not.

mod citizens;
mod demo;
mod persons;
mod staff_sign_in;
