//! The words everything else is made of: ids, legal time, identity values, numbers people read.
//!
//! A value of these types has been checked once, where it entered; code that holds one never checks it again.

mod checks;
pub mod identity;
pub mod ids;
pub mod numbers;
pub mod time;

pub use ids::*;
