-- Cases 办件: one row a case beside its stream in the journal. The row answers queries; `state` is the fold of the
-- stream and is compared with it by the nightly check and by `jinban verify`.

CREATE TABLE case_record (
  id {BYTES} NOT NULL PRIMARY KEY,
  version {INT} NOT NULL,
  number TEXT NOT NULL,
  query_index {BYTES} NOT NULL,
  exchange_number TEXT NOT NULL,
  application {BYTES} NOT NULL,
  applicant {BYTES} NOT NULL,
  item_code TEXT NOT NULL,
  item_name TEXT NOT NULL,
  status TEXT NOT NULL,
  is_open {BOOL} NOT NULL,
  handling_org {BYTES} NOT NULL,
  district TEXT NOT NULL,
  town TEXT NOT NULL,
  submitted_at {TS} NOT NULL,
  due_on TEXT NOT NULL,
  state {JSON} NOT NULL
);
CREATE UNIQUE INDEX case_by_number ON case_record (number);
CREATE UNIQUE INDEX case_by_exchange_number ON case_record (exchange_number);
CREATE INDEX case_by_applicant ON case_record (applicant, id);
CREATE INDEX case_by_application ON case_record (application, id);
-- Open cases only: a list of work stays as long as the work, however large the archive grows.
CREATE INDEX case_open_by_org ON case_record (handling_org, due_on, id) WHERE is_open = 1;
CREATE INDEX case_open_by_town ON case_record (town, due_on, id) WHERE is_open = 1;
CREATE INDEX case_open_by_district ON case_record (district, due_on, id) WHERE is_open = 1;
CREATE INDEX case_open_by_due ON case_record (due_on, id) WHERE is_open = 1;

-- The last serial given in a scope: short numbers by day, exchange numbers by item and day.
CREATE TABLE serial (
  scope TEXT NOT NULL PRIMARY KEY,
  last {INT} NOT NULL
);
