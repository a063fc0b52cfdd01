//! All SQL of papers. `serial` is the counter that all numbering shares; its scopes of papers begin with `paper:`.

use store::statements;

statements! {
    pub INSERT_PAPER = "INSERT INTO paper (id, version, code, case_id, case_seq, kind, content, state) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    pub UPDATE_PAPER = "UPDATE paper SET version = $3, state = $4 WHERE id = $1 AND version = $2";
    pub PAPER_BY_ID = "SELECT id, version, code, content, state FROM paper WHERE id = $1";
    pub PAPER_BY_CODE = "SELECT id, version, code, content, state FROM paper WHERE code = $1";
    pub PAPERS_OF_CASE = "SELECT id, version, code, content, state FROM paper WHERE case_id = $1 \
        ORDER BY case_seq, kind";
    pub PAPERS_AFTER = "SELECT id, version, code, content, state, case_id, case_seq, kind FROM paper \
        WHERE id > $1 ORDER BY id LIMIT $2";
    pub ISSUED_OF_CASE = "SELECT case_seq, kind FROM paper WHERE case_id = $1 ORDER BY case_seq, kind";
    pub NEXT_NUMBER = "INSERT INTO serial (scope, last) VALUES ($1, 1) \
        ON CONFLICT (scope) DO UPDATE SET last = serial.last + 1 RETURNING last";
}
