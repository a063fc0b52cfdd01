//! All SQL of people: accounts, posts, sessions, waits after wrong passwords, persons.

use store::statements;

statements! {
    pub INSERT_STAFF = "INSERT INTO staff_account (id, version, login, name, is_open, state, password, totp_step) \
        VALUES ($1, $2, $3, $4, $5, $6, '', 0)";
    pub UPDATE_STAFF = "UPDATE staff_account SET version = $3, login = $4, name = $5, is_open = $6, state = $7 \
        WHERE id = $1 AND version = $2";
    pub STAFF_BY_ID = "SELECT id, version, state FROM staff_account WHERE id = $1";
    pub STAFF_BY_LOGIN = "SELECT id, version, state, password FROM staff_account WHERE login = $1";
    pub STAFF_ID_BY_LOGIN = "SELECT id FROM staff_account WHERE login = $1";
    pub STAFF_PASSWORD = "SELECT password FROM staff_account WHERE id = $1";
    pub SET_STAFF_PASSWORD = "UPDATE staff_account SET password = $2 WHERE id = $1";
    pub SET_TOTP = "UPDATE staff_account SET totp = $2, totp_step = $3 WHERE id = $1";
    pub TOTP_OF = "SELECT totp FROM staff_account WHERE id = $1";
    pub USE_TOTP_STEP = "UPDATE staff_account SET totp_step = $2 WHERE id = $1 AND totp_step < $2";
    pub DROP_POSTS = "DELETE FROM staff_post WHERE staff = $1";
    pub INSERT_POST = "INSERT INTO staff_post (id, staff, role, org, path) VALUES ($1, $2, $3, $4, $5)";
    pub POSTS_BETWEEN = "SELECT id, staff, role, org, path FROM staff_post WHERE staff > $1 AND staff <= $2 \
        ORDER BY staff, id";
    /// Whoever holds one of two posts at an organisation, by name.
    pub COLLEAGUES = "SELECT DISTINCT a.id, a.name FROM staff_post p JOIN staff_account a ON a.id = p.staff \
        WHERE p.org = $1 AND (p.role = $2 OR p.role = $3) AND a.is_open = 1 ORDER BY a.name LIMIT 200";
    pub STAFF_PAGE = "SELECT id, version, state FROM staff_account \
        WHERE login > $1 AND ($2 = '' OR login LIKE $2 OR name LIKE $2) ORDER BY login LIMIT $3";

    pub INSERT_SESSION = "INSERT INTO session (token, kind, subject, step, opened_at, seen_at) \
        VALUES ($1, $2, $3, $4, $5, $5)";
    pub TOUCH_SESSION = "UPDATE session SET seen_at = $2 WHERE token = $1 AND seen_at < $2";
    pub DROP_SESSION = "DELETE FROM session WHERE token = $1";
    pub DROP_SESSIONS_OF = "DELETE FROM session WHERE subject = $1";
    pub DROP_OLD_SESSIONS = "DELETE FROM session WHERE seen_at < $1";
    pub STAFF_SESSION = "SELECT s.step, s.opened_at, s.seen_at, a.id, a.state FROM session s \
        JOIN staff_account a ON a.id = s.subject WHERE s.token = $1 AND s.kind = 'staff'";
    pub CITIZEN_SESSION = "SELECT s.opened_at, s.seen_at, p.id, p.masked, p.state FROM session s \
        JOIN person p ON p.id = s.subject WHERE s.token = $1 AND s.kind = 'citizen'";

    pub WAIT_UNTIL = "SELECT until_at FROM login_wait WHERE subject = $1";
    /// Counts one more try, unless the subject still waits; yields how many there were in a row.
    pub COUNT_TRY = "INSERT INTO login_wait (subject, failures, last_at, until_at) VALUES ($1, 1, $2, 0) \
        ON CONFLICT (subject) DO UPDATE SET last_at = $2, \
        failures = CASE WHEN login_wait.last_at < $3 THEN 1 ELSE login_wait.failures + 1 END, \
        until_at = CASE WHEN login_wait.last_at < $3 OR login_wait.failures < 4 THEN 0 \
            WHEN login_wait.failures = 4 THEN CAST($4 AS BIGINT) WHEN login_wait.failures = 5 THEN CAST($5 AS BIGINT) \
            WHEN login_wait.failures = 6 THEN CAST($6 AS BIGINT) \
            WHEN login_wait.failures = 7 THEN CAST($7 AS BIGINT) ELSE CAST($8 AS BIGINT) END \
        WHERE login_wait.until_at <= $2 RETURNING failures";
    pub FORGET_TRIES = "DELETE FROM login_wait WHERE subject = $1";
    pub FORGET_OLD_TRIES = "DELETE FROM login_wait WHERE last_at < $1";

    pub INSERT_PERSON = "INSERT INTO person (id, version, kind, document_kind, document, document_index, name, \
        name_index, phone, phone_index, address, masked, state, handler) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    pub UPDATE_PERSON = "UPDATE person SET version = $3, state = $4 WHERE id = $1 AND version = $2";
    pub PERSON_BY_ID = "SELECT id, version, masked, state FROM person WHERE id = $1";
    pub PERSON_BY_DOCUMENT = "SELECT id, version, masked, state FROM person WHERE document_index = $1";
    pub PERSON_INDEXES = "SELECT name_index, phone_index FROM person WHERE id = $1";
    pub PERSON_SEALED = "SELECT masked, state, document, name, phone, address FROM person WHERE id = $1";
    pub SET_CONTACT = "UPDATE person SET phone = COALESCE($2, phone), phone_index = COALESCE($3, phone_index), \
        address = COALESCE($4, address) WHERE id = $1";
    pub FIRMS_OF = "SELECT id, version, masked, state FROM person WHERE handler = $1 ORDER BY id LIMIT 50";
    pub INSERT_ACCOUNT = "INSERT INTO citizen_account (person, password, phone_login, opened_at) \
        VALUES ($1, $2, $3, $4)";
    pub ACCOUNT_PASSWORD = "SELECT password FROM citizen_account WHERE person = $1";
    pub SET_ACCOUNT_PASSWORD = "UPDATE citizen_account SET password = $2 WHERE person = $1";
    pub ACCOUNT_BY_PHONE = "SELECT person, password FROM citizen_account WHERE phone_login = $1";
    pub ACCOUNT_BY_DOCUMENT = "SELECT a.person, a.password FROM citizen_account a \
        JOIN person p ON p.id = a.person WHERE p.document_index = $1";

    pub STAFF_AFTER = "SELECT id, version, state, login, name, is_open FROM staff_account WHERE id > $1 \
        ORDER BY id LIMIT $2";
    pub PERSONS_AFTER = "SELECT id, version, masked, state, kind, document_kind, handler FROM person WHERE id > $1 \
        ORDER BY id LIMIT $2";
}
