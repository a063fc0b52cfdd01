//! Registered statements: each is a constant, and one test prepares all of them on both engines.

/// Declares statements as `&'static str` constants and `ALL`, the list of their names and texts.
///
/// ```
/// store::statements! {
///     /// One case by its number.
///     pub FIND_CASE = "SELECT id FROM cases WHERE number = $1";
/// }
/// assert_eq!(ALL[0].0, "FIND_CASE");
/// ```
#[macro_export]
macro_rules! statements {
    ($($(#[$doc:meta])* $vis:vis $name:ident = $sql:expr;)*) => {
        $($(#[$doc])* #[allow(missing_docs, reason = "the statement says it")] $vis const $name: &str = $sql;)*
        /// Every statement of this module with its name, for the test that prepares them all.
        #[allow(dead_code, reason = "only the test that prepares statements reads it")]
        pub const ALL: &[(&str, &str)] = &[$((stringify!($name), $name)),*];
    };
}
