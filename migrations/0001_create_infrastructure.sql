-- What every capability shares: the journal 留痕, its blocks, the outbox, background jobs, files, and small facts.

CREATE TABLE journal (
  position {SERIAL},
  stream_kind TEXT NOT NULL,
  stream_id {BYTES} NOT NULL,
  seq {INT} NOT NULL,
  kind TEXT NOT NULL,
  body {JSON} NOT NULL,
  ground TEXT,
  actor TEXT NOT NULL,
  org {BYTES},
  trace TEXT NOT NULL,
  happened_at {TS} NOT NULL,
  entered_at {TS} NOT NULL,
  hash {BYTES} NOT NULL
);
CREATE UNIQUE INDEX journal_by_stream ON journal (stream_kind, stream_id, seq);
CREATE INDEX journal_by_actor ON journal (actor, position);
CREATE INDEX journal_by_kind ON journal (kind, position);
CREATE INDEX journal_by_time ON journal (entered_at, position);

-- The newest hash of a stream after each append, until a block takes it in.
CREATE TABLE journal_pending (
  stream_kind TEXT NOT NULL,
  stream_id {BYTES} NOT NULL,
  seq {INT} NOT NULL,
  head {BYTES} NOT NULL,
  PRIMARY KEY (stream_kind, stream_id, seq)
);

CREATE TABLE journal_block (
  no {INT} PRIMARY KEY,
  leaves {INT} NOT NULL,
  root {BYTES} NOT NULL,
  previous {BYTES} NOT NULL,
  sealed_at {TS} NOT NULL,
  hash {BYTES} NOT NULL
);

CREATE TABLE journal_leaf (
  block_no {INT} NOT NULL,
  idx {INT} NOT NULL,
  stream_kind TEXT NOT NULL,
  stream_id {BYTES} NOT NULL,
  seq {INT} NOT NULL,
  head {BYTES} NOT NULL,
  PRIMARY KEY (block_no, idx)
);
CREATE UNIQUE INDEX journal_leaf_by_stream ON journal_leaf (stream_kind, stream_id, seq);

CREATE TABLE outbox (
  position {SERIAL},
  topic TEXT NOT NULL,
  key TEXT NOT NULL,
  body {JSON} NOT NULL,
  due_at {TS} NOT NULL,
  tries {INT} NOT NULL,
  poisoned {BOOL} NOT NULL,
  last_error TEXT
);
CREATE UNIQUE INDEX outbox_by_key ON outbox (topic, key);
CREATE INDEX outbox_by_due ON outbox (poisoned, due_at, position);

CREATE TABLE job (
  id {SERIAL},
  queue TEXT NOT NULL,
  key TEXT NOT NULL,
  body {JSON} NOT NULL,
  state TEXT NOT NULL,
  run_at {TS} NOT NULL,
  tries {INT} NOT NULL,
  leased_until {TS},
  last_error TEXT
);
CREATE UNIQUE INDEX job_by_key ON job (queue, key);
CREATE INDEX job_by_due ON job (queue, state, run_at, id);
CREATE INDEX job_by_state ON job (state, id);

CREATE TABLE file (
  digest {BYTES} PRIMARY KEY,
  size {INT} NOT NULL,
  stored_at {TS} NOT NULL
);

CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);
