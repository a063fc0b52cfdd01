-- Background jobs and messages that were given up and that an administrator started again by hand: one row each;
-- `state` is the fold of the stream `rerun` with the same id.

CREATE TABLE rerun (
  id {BYTES} NOT NULL PRIMARY KEY,
  version {INT} NOT NULL,
  state {JSON} NOT NULL
);
