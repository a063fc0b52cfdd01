//! All SQL of cases.

use store::statements;

/// The columns a case is read from.
macro_rules! case_columns {
    () => {
        "id, version, number, query_index, exchange_number, district, town, submitted_at, state, entered_by"
    };
}

/// The columns of a row of a list of cases.
macro_rules! row_columns {
    () => {
        "c.id, c.version, c.number, c.item_name, c.regime, c.status, c.due_on, c.submitted_at, c.town, c.accepting_org, \
        c.handling_org, a.party"
    };
}

/// What people filter lists by; empty text means any.
macro_rules! task_filter {
    () => {
        "AND ($5 = '' OR t.kind = $5) AND ($6 = '' OR c.regime = $6) AND ($7 = '' OR c.item_code = $7) \
        AND t.due_on <= $8 AND ($9 = 0 OR t.holder IS NULL) ORDER BY t.due_on, t.case_id, t.no LIMIT $10"
    };
}

macro_rules! tasks {
    ($where:literal) => {
        concat!(
            "SELECT t.no, t.kind, t.step, t.org, t.holder, t.due_on, ",
            row_columns!(),
            " FROM case_task t JOIN case_record c ON c.id = t.case_id JOIN application a ON a.id = c.application WHERE ",
            $where,
            " AND (t.due_on, t.case_id, t.no) > ($2, $3, $4) ",
            task_filter!()
        )
    };
}

macro_rules! open_cases {
    ($where:literal) => {
        concat!(
            "SELECT ",
            row_columns!(),
            " FROM case_record c JOIN application a ON a.id = c.application WHERE c.is_open = 1 AND ",
            $where,
            " AND (c.due_on, c.id) > ($2, $3) AND c.due_on >= $4 AND c.due_on <= $5 AND ($6 = '' OR c.status = $6) \
            AND ($7 = '' OR c.regime = $7) AND ($8 = '' OR c.item_code = $8) ORDER BY c.due_on, c.id LIMIT $9"
        )
    };
}

macro_rules! by_due {
    ($where:literal) => {
        concat!(
            "SELECT '', due_on, COUNT(*) FROM case_record WHERE is_open = 1 AND ",
            $where,
            " GROUP BY due_on"
        )
    };
}

statements! {
    pub INSERT_CASE = "INSERT INTO case_record (id, version, number, query_index, exchange_number, application, applicant, \
        item_code, item_name, status, is_open, handling_org, district, town, submitted_at, due_on, state, regime, channel, \
        accepting_org, entered_by) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)";
    pub UPDATE_CASE = "UPDATE case_record SET version = $3, status = $4, is_open = $5, handling_org = $6, due_on = $7, \
        state = $8 WHERE id = $1 AND version = $2";
    pub CASE_BY_ID = concat!("SELECT ", case_columns!(), " FROM case_record WHERE id = $1");
    pub CASE_BY_NUMBER = concat!("SELECT ", case_columns!(), " FROM case_record WHERE number = $1");
    pub SIBLINGS = "SELECT id, number, item_name, status FROM case_record WHERE application = $1 AND id <> $2 ORDER BY id";
    pub CASES_AFTER = concat!("SELECT ", case_columns!(), ", status, is_open, handling_org, due_on, application, \
        applicant, item_code, item_name, regime, channel, accepting_org FROM case_record WHERE id > $1 ORDER BY id LIMIT $2");
    pub NEXT_SERIAL = "INSERT INTO serial (scope, last) VALUES ($1, 1) \
        ON CONFLICT (scope) DO UPDATE SET last = serial.last + 1 RETURNING last";
    pub CASE_ID_BY_NUMBER = "SELECT id FROM case_record WHERE number = $1";
    pub OPEN_DUE_BETWEEN = "SELECT COUNT(*) FROM case_record WHERE is_open = 1 AND due_on > $1 AND due_on < $2";
    pub OPEN_AFTER = "SELECT id, number, item_name, due_on, state FROM case_record \
        WHERE is_open = 1 AND (due_on, id) > ($1, $2) ORDER BY due_on, id LIMIT $3";

    pub DROP_TASKS = "DELETE FROM case_task WHERE case_id = $1";
    pub ADD_TASK = "INSERT INTO case_task (case_id, no, kind, step, org, holder, district, town, due_on) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    pub TASKS_BETWEEN = "SELECT case_id, no, kind, step, org, holder, district, town, due_on FROM case_task \
        WHERE case_id > $1 AND case_id <= $2 ORDER BY case_id, no";
    pub TASKS_OF_ORG = tasks!("t.org = $1");
    pub TASKS_OF_TOWN = tasks!("t.town = $1");
    pub TASKS_OF_DISTRICT = tasks!("t.district = $1");
    pub TASKS_OF_ALL = tasks!("$1 = ''");
    pub TASKS_OF_HOLDER = tasks!("t.holder = $1");

    pub OPEN_OF_ORG = open_cases!("c.handling_org = $1");
    pub OPEN_OF_TOWN = open_cases!("c.town = $1");
    pub OPEN_OF_DISTRICT = open_cases!("c.district = $1");
    pub OPEN_OF_ALL = open_cases!("$1 = ''");
    pub DUES_OF_ORG = by_due!("handling_org = $1");
    pub DUES_OF_TOWN = by_due!("town = $1");
    pub DUES_OF_DISTRICT = by_due!("district = $1");
    pub DUES_OF_ALL = by_due!("$1 = ''"), scans: "an index of the open cases alone";
    pub NEAR_BY_TOWN = "SELECT town, due_on, COUNT(*) FROM case_record WHERE is_open = 1 AND district = $1 AND due_on <= $2 \
        GROUP BY town, due_on";
    pub NEAR_BY_DISTRICT = "SELECT district, due_on, COUNT(*) FROM case_record WHERE is_open = 1 AND $1 = '' AND due_on <= $2 \
        GROUP BY district, due_on", scans: "an index of the open cases alone";
    pub NEAR_BY_ITEM_OF_DISTRICT = "SELECT item_code, due_on, COUNT(*) FROM case_record WHERE is_open = 1 AND district = $1 \
        AND due_on <= $2 GROUP BY item_code, due_on";
    pub NEAR_BY_ITEM = "SELECT item_code, due_on, COUNT(*) FROM case_record WHERE is_open = 1 AND $1 = '' AND due_on <= $2 \
        GROUP BY item_code, due_on";

    pub MINE = concat!("SELECT ", row_columns!(), " FROM case_record c JOIN application a ON a.id = c.application \
        WHERE c.applicant = $1 AND c.id < $2 ORDER BY c.id DESC LIMIT $3");
    pub ENTERED_BY = concat!("SELECT ", row_columns!(), " FROM case_record c JOIN application a ON a.id = c.application \
        WHERE c.entered_by = $1 AND c.id < $2 ORDER BY c.id DESC LIMIT $3");

    pub ADD_APPLICATION = "INSERT INTO application (id, applicant, firm, channel, party, form, submitted_at, entered_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    pub APPLICATION = "SELECT party, form FROM application WHERE id = $1";

    pub ADD_ATTACHMENT = "INSERT INTO attachment (id, digest, size, content_type, name, added_at, salt) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    pub ATTACHMENT = "SELECT id, digest, size, content_type, name FROM attachment WHERE id = $1";

    pub ATTACHMENTS_AFTER = "SELECT a.id, a.salt, a.digest, a.size, a.content_type, a.added_at, f.size FROM attachment a \
        LEFT JOIN file f ON f.digest = a.digest WHERE a.id > $1 ORDER BY a.id LIMIT $2";
    pub APPLICATIONS_BETWEEN = "SELECT c.id, a.applicant, a.firm, a.channel, a.submitted_at, a.entered_at, j.entered_at \
        FROM case_record c JOIN application a ON a.id = c.application \
        JOIN journal j ON j.stream_kind = 'case' AND j.stream_id = c.id AND j.seq = 1 \
        WHERE c.id > $1 AND c.id <= $2 ORDER BY c.id";
    pub FORMS_AFTER = "SELECT c.id, a.form, j.body FROM case_record c JOIN application a ON a.id = c.application \
        JOIN journal j ON j.stream_kind = 'case' AND j.stream_id = c.id AND j.seq = 1 \
        WHERE c.id > $1 ORDER BY c.id LIMIT $2";

    pub NOTE_RECEIVER = "INSERT INTO receiver (id, told, noted_at) VALUES ($1, $2, $3)";
    pub RECEIVER = "SELECT told FROM receiver WHERE id = $1";

    pub SEEN = "INSERT INTO case_presence (case_id, staff, name, seen_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (case_id, staff) DO UPDATE SET name = excluded.name, seen_at = excluded.seen_at";
    pub LEFT = "DELETE FROM case_presence WHERE case_id = $1 AND staff = $2";
    pub PRESENT = "SELECT name, seen_at FROM case_presence WHERE case_id = $1 AND staff <> $2 AND seen_at >= $3 \
        ORDER BY seen_at DESC LIMIT 10";
    pub FORGET_PRESENCE = "DELETE FROM case_presence WHERE seen_at < $1";

    pub GUARD = "SELECT failures, until FROM lookup_guard WHERE number = $1";
    pub FAILED_LOOKUP = "INSERT INTO lookup_guard (number, failures, until) VALUES ($1, $2, $3) \
        ON CONFLICT (number) DO UPDATE SET failures = excluded.failures, until = excluded.until";
    pub CLEAR_GUARD = "DELETE FROM lookup_guard WHERE number = $1";

    pub TRUST = "SELECT id, version, state FROM trust_record WHERE id = $1";
    pub INSERT_TRUST = "INSERT INTO trust_record (id, version, party, is_open, state) VALUES ($1, $2, $3, $4, $5)";
    pub UPDATE_TRUST = "UPDATE trust_record SET version = $3, is_open = $4, state = $5 WHERE id = $1 AND version = $2";
    pub TRUST_AFTER = "SELECT id, version, state, party, is_open FROM trust_record WHERE id > $1 ORDER BY id LIMIT $2";
    pub OPEN_TRUST_OF = "SELECT id FROM trust_record WHERE party = $1 AND is_open = 1 ORDER BY id LIMIT 1";
    pub OPEN_TRUST = "SELECT id, version, state FROM trust_record WHERE is_open = 1 AND id > $1 ORDER BY id LIMIT $2";

    pub ADD_MESSAGE = "INSERT INTO message (id, person, case_id, origin, title, body, sent_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (case_id, origin) DO NOTHING";
    pub MESSAGES = "SELECT id, case_id, title, body, sent_at, read_at FROM message WHERE person = $1 AND id < $2 \
        ORDER BY id DESC LIMIT $3";
    pub UNREAD = "SELECT COUNT(*) FROM message WHERE person = $1 AND read_at IS NULL";
    pub MARK_READ = "UPDATE message SET read_at = $3 WHERE person = $1 AND id = $2 AND read_at IS NULL";
}
