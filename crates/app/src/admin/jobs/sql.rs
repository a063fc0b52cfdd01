//! All SQL of what was started again by hand.

use store::statements;

statements! {
    pub RERUN = "SELECT id, version, state FROM rerun WHERE id = $1";
    pub RERUNS_AFTER = "SELECT id, version, state FROM rerun WHERE id > $1 ORDER BY id LIMIT $2";
    pub INSERT_RERUN = "INSERT INTO rerun (id, version, state) VALUES ($1, $2, $3)";
    pub UPDATE_RERUN = "UPDATE rerun SET version = $3, state = $4 WHERE id = $1 AND version = $2";
}
