//! All SQL of cases.

use store::statements;

statements! {
    pub INSERT_CASE = "INSERT INTO case_record (id, version, number, query_index, exchange_number, application, applicant, \
        item_code, item_name, status, is_open, handling_org, district, town, submitted_at, due_on, state) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
    pub UPDATE_CASE = "UPDATE case_record SET version = $3, status = $4, is_open = $5, handling_org = $6, due_on = $7, \
        state = $8 WHERE id = $1 AND version = $2";
    pub CASE_BY_ID = "SELECT id, version, number, query_index, exchange_number, district, town, submitted_at, state \
        FROM case_record WHERE id = $1";
    pub CASE_BY_NUMBER = "SELECT id, version, number, query_index, exchange_number, district, town, submitted_at, state \
        FROM case_record WHERE number = $1";
    pub CASES_AFTER = "SELECT id, version, number, query_index, exchange_number, district, town, submitted_at, state, \
        status, is_open, handling_org, due_on, application, applicant, item_code, item_name \
        FROM case_record WHERE id > $1 ORDER BY id LIMIT $2";
    pub OPEN_BY_ORG = "SELECT id, number, item_name, status, due_on FROM case_record \
        WHERE is_open = 1 AND handling_org = $1 AND (due_on, id) > ($2, $3) ORDER BY due_on, id LIMIT $4";
    pub NEXT_SERIAL = "INSERT INTO serial (scope, last) VALUES ($1, 1) \
        ON CONFLICT (scope) DO UPDATE SET last = serial.last + 1 RETURNING last";
    pub OPEN_AFTER = "SELECT id, number, item_name, due_on, state FROM case_record \
        WHERE is_open = 1 AND (due_on, id) > ($1, $2) ORDER BY due_on, id LIMIT $3";
}
