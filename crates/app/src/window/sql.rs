//! All SQL of the window: the open pieces of work of a clerk.

use store::statements;

statements! {
    pub TABS = "SELECT id, version, writer, slot, draft, case_id, opened_at, touched_at, typed FROM window_tab \
        WHERE staff = $1 AND slot IS NOT NULL ORDER BY slot";
    pub TAB = "SELECT id, version, writer, slot, draft, case_id, opened_at, touched_at, typed FROM window_tab \
        WHERE id = $1 AND staff = $2";
    pub OPEN_TAB = "INSERT INTO window_tab (id, staff, version, writer, slot, opened_at, touched_at, typed) \
        VALUES ($1, $2, 1, '', $3, $4, $4, $5)";
    pub SAVE_TAB = "UPDATE window_tab SET version = $4, writer = $5, slot = $6, draft = $7, case_id = $8, touched_at = $9, \
        typed = $10 WHERE id = $1 AND staff = $2 AND version = $3";
    pub FORGET_TABS = "DELETE FROM window_tab WHERE staff = $1 AND slot IS NULL AND touched_at < $2";
    pub DROP_TAB = "DELETE FROM window_tab WHERE id = $1 AND staff = $2 AND case_id IS NULL";
}
