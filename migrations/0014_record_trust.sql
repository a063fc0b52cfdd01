-- 诚信记录 as streams of their own in the journal: which case rested on the promise, who found it broken, how it was
-- repaired. The table before had no stream and no page wrote to it.

DROP TABLE trust_record;
CREATE TABLE trust_record (
  id {BYTES} NOT NULL PRIMARY KEY,
  version {INT} NOT NULL,
  party {BYTES} NOT NULL,
  is_open {BOOL} NOT NULL,
  state {JSON} NOT NULL
);
CREATE INDEX trust_record_of_party ON trust_record (party, id) WHERE is_open = 1;
CREATE INDEX trust_record_open ON trust_record (id) WHERE is_open = 1;
