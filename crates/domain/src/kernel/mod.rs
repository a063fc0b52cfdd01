//! The words everything else is made of: ids, legal time, identity values, numbers people read.
//!
//! A value of these types has been checked once, where it entered; code that holds one never checks it again.

pub mod ids;
pub mod time;

pub use ids::*;
