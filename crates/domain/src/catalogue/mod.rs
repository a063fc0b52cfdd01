//! The catalogue of service items 事项目录: what people can have done, on what conditions, with which papers, how fast.
//!
//! Fields follow 实施清单要素 of GB/T 39046—2020 table 4, grouped as people look for them. Every sentence that came from
//! somewhere carries its [`Basis`], so that a page can mark what no department has confirmed yet.

mod basis;
mod codes;
mod elements;
mod exchange;
mod item;
mod lint;
#[cfg(test)]
mod lint_tests;
mod material;
mod regime;

pub use basis::{Based, Basis};
pub use codes::{
    Audience, BodyNature, CaseType, ExerciseLevel, HandlingArea, HandlingForm, ItemType, OnlineDepth,
    Satisfaction, SpecialProcedure,
};
pub use elements::{Addresses, Handling, MaterialDetails, OwnStop, PowerSource, Powers};
pub use exchange::{BadCode, BasicCode, CaseCode, HandlingCode, ImplementationCode, UnitCode};
pub use item::{
    Channels, Contact, Coverage, Fee, FeeRow, Finish, Guide, Identity, Item, ItemVersion, Outcome, Process,
    Question, Step, Subject, Themes, TimeLimits, Visits,
};
pub use lint::{Finding, Rule, Severity, lint};
pub use material::{Material, MaterialForm, MaterialSource};
pub use regime::Regime;
