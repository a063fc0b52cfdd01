//! All SQL of what is kept about organisations and working days.

use store::statements;

statements! {
    pub OFFICE = "SELECT id, version, state FROM org_office WHERE id = $1";
    pub OFFICES = "SELECT id, version, state FROM org_office",
        scans: "a city has some thousand organisations, and few of them are ever changed";
    pub OFFICES_AFTER = "SELECT id, version, state FROM org_office WHERE id > $1 ORDER BY id LIMIT $2";
    pub INSERT_OFFICE = "INSERT INTO org_office (id, version, state) VALUES ($1, $2, $3)";
    pub UPDATE_OFFICE = "UPDATE org_office SET version = $3, state = $4 WHERE id = $1 AND version = $2";
    pub WORKDAYS = "SELECT id, version, state FROM workdays WHERE id = $1";
    pub WORKDAYS_AFTER = "SELECT id, version, state FROM workdays WHERE id > $1 ORDER BY id LIMIT $2";
    pub INSERT_WORKDAYS = "INSERT INTO workdays (id, version, state) VALUES ($1, $2, $3)";
    pub UPDATE_WORKDAYS = "UPDATE workdays SET version = $3, state = $4 WHERE id = $1 AND version = $2";
    pub CHANGES = "SELECT value FROM meta WHERE name = 'city_changes'";
    pub COUNT_CHANGE = "INSERT INTO meta (name, value) VALUES ('city_changes', '1')
        ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(meta.value AS BIGINT) + 1 AS TEXT)";
}
