-- Papers 文书: one row a paper beside its stream in the journal. What it says is sealed: it names people.

CREATE TABLE paper (
  id {BYTES} NOT NULL PRIMARY KEY,
  version {INT} NOT NULL,
  -- The verification code 核验码, 16 characters from 80 random bits.
  code TEXT NOT NULL,
  case_id {BYTES} NOT NULL,
  -- The event of the case that the paper tells of: one paper of a kind for one event.
  case_seq {INT} NOT NULL,
  kind TEXT NOT NULL,
  content {BYTES} NOT NULL,
  state {JSON} NOT NULL
);
CREATE UNIQUE INDEX paper_by_code ON paper (code);
CREATE UNIQUE INDEX paper_by_event ON paper (case_id, case_seq, kind);
