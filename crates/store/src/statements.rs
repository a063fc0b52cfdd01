//! Registered statements: each is a constant, and each module that has some gets a test with them, which prepares them
//! on both engines and asks SQLite how it would find the rows. No list of modules is kept that could be forgotten.

use crate::Engine;

/// One statement and what is said about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement {
    /// The constant's name.
    pub name: &'static str,
    /// Its text.
    pub sql: &'static str,
    /// The only engine it is for, when there is another for the other.
    pub only: Option<Engine>,
    /// Why it may go through a whole table.
    pub scans: Option<&'static str>,
}

impl Statement {
    /// One for both engines that finds its rows by an index.
    #[must_use]
    pub const fn new(name: &'static str, sql: &'static str) -> Self {
        Self { name, sql, only: None, scans: None }
    }

    /// The same for one engine.
    #[must_use]
    pub const fn only(self, engine: Engine) -> Self {
        Self { only: Some(engine), ..self }
    }

    /// The same, free to go through a whole table.
    #[must_use]
    pub const fn scans(self, why: &'static str) -> Self {
        Self { scans: Some(why), ..self }
    }
}

/// Declares statements as `&'static str` constants, `ALL` as the list of them, and a test of the list; the crate's
/// `MIGRATIONS` say which tables there are.
///
/// A statement that goes through a whole table says why it may; one for a single engine names it.
///
/// ```
/// store::statements! {
///     /// One case by its number.
///     pub FIND_CASE = "SELECT id FROM cases WHERE number = $1";
///     COUNT_HALLS = "SELECT CAST(count(*) AS BIGINT) FROM hall", scans: "a city has a few hundred halls";
///     LISTEN = "LISTEN changes", only: Postgres;
/// }
/// assert_eq!(ALL[0].name, "FIND_CASE");
/// assert_eq!(ALL[2].only, Some(store::Engine::Postgres));
/// ```
#[macro_export]
#[allow(clippy::crate_in_macro_def, reason = "the migrations are those of the crate with the statements")]
macro_rules! statements {
    ($($(#[$doc:meta])* $vis:vis $name:ident = $sql:expr $(, only: $engine:ident)? $(, scans: $why:literal)?;)*) => {
        $($(#[$doc])* #[allow(missing_docs, reason = "the statement says it")] $vis const $name: &str = $sql;)*
        /// Every statement of this module.
        #[allow(dead_code, reason = "only the test that prepares statements reads it")]
        pub const ALL: &[$crate::Statement] = &[$(
            $crate::Statement::new(stringify!($name), $name)
                $(.only($crate::Engine::$engine))? $(.scans($why))?
        ),*];
        #[cfg(test)]
        mod registered {
            #[test]
            fn every_statement_is_understood_by_both_engines_and_goes_through_no_whole_table() {
                $crate::testing::check_statements(crate::MIGRATIONS, super::ALL);
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::Statement;
    use crate::testing::faults_of;

    const WHOLE: &str = "SELECT value FROM meta WHERE value = $1";

    #[test]
    fn a_mistake_a_silent_scan_and_an_idle_excuse_are_found() {
        let found = |statement| faults_of(crate::MIGRATIONS, &[statement]);
        assert!(found(Statement::new("GOOD", "SELECT value FROM meta WHERE name = $1")).is_empty());
        assert!(!found(Statement::new("TYPO", "SELECT valeu FROM meta WHERE name = $1")).is_empty());
        let silent = found(Statement::new("SILENT", WHOLE));
        assert!(silent.len() == 1 && silent[0].contains("SILENT goes through a whole table"), "{silent:?}");
        assert!(found(Statement::new("SAID", WHOLE).scans("meta is small")).is_empty());
        let idle = Statement::new("IDLE", "SELECT value FROM meta WHERE name = $1").scans("no reason");
        assert!(found(idle)[0].contains("excuse"));
        let first = "SELECT value FROM meta ORDER BY name LIMIT 1";
        assert!(found(Statement::new("FIRST", first)).is_empty());
        assert!(!found(Statement::new("SORTED", "SELECT name FROM meta ORDER BY value LIMIT 1")).is_empty());
        let recursive =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9) SELECT i FROM n";
        assert!(found(Statement::new("COUNTING", recursive)).is_empty());
    }
}
