-- Work on cases: what waits with whom, the application behind the cases, what applicants were told, and small facts.

ALTER TABLE case_record ADD COLUMN regime TEXT NOT NULL DEFAULT '';
ALTER TABLE case_record ADD COLUMN channel TEXT NOT NULL DEFAULT '';
ALTER TABLE case_record ADD COLUMN accepting_org {BYTES};
-- The member of staff who handed it in for the applicant 代办; none when the applicant did.
ALTER TABLE case_record ADD COLUMN entered_by {BYTES};
CREATE INDEX case_by_entered_by ON case_record (entered_by, id) WHERE entered_by IS NOT NULL;

-- 待办: one row a piece of work that waits; derived from the case and written with it.
CREATE TABLE case_task (
  case_id {BYTES} NOT NULL,
  no {INT} NOT NULL,
  kind TEXT NOT NULL,
  step {INT},
  org {BYTES} NOT NULL,
  holder {BYTES},
  district TEXT NOT NULL,
  town TEXT NOT NULL,
  due_on TEXT NOT NULL,
  PRIMARY KEY (case_id, no)
);
CREATE INDEX case_task_by_org ON case_task (org, due_on, case_id, no);
CREATE INDEX case_task_by_town ON case_task (town, due_on, case_id, no);
CREATE INDEX case_task_by_district ON case_task (district, due_on, case_id, no);
CREATE INDEX case_task_by_due ON case_task (due_on, case_id, no);
CREATE INDEX case_task_by_holder ON case_task (holder, due_on, case_id, no) WHERE holder IS NOT NULL;

-- 申请: what the applicant said once for all its cases. `party` is name, document and phone; `form` the whole form.
CREATE TABLE application (
  id {BYTES} NOT NULL PRIMARY KEY,
  applicant {BYTES} NOT NULL,
  firm {BYTES},
  channel TEXT NOT NULL,
  party {BYTES} NOT NULL,
  form {BYTES} NOT NULL,
  submitted_at {TS} NOT NULL,
  entered_at {TS} NOT NULL
);
CREATE INDEX application_by_applicant ON application (applicant, id);

-- A stored page of a material: the bytes lie under their digest, the case names the page by this id.
CREATE TABLE attachment (
  id {BYTES} NOT NULL PRIMARY KEY,
  digest {BYTES} NOT NULL,
  size {INT} NOT NULL,
  content_type TEXT NOT NULL,
  name {BYTES} NOT NULL,
  added_at {TS} NOT NULL
);

-- Who has a case open now.
CREATE TABLE case_presence (
  case_id {BYTES} NOT NULL,
  staff {BYTES} NOT NULL,
  name TEXT NOT NULL,
  seen_at {TS} NOT NULL,
  PRIMARY KEY (case_id, staff)
);

CREATE INDEX case_presence_by_time ON case_presence (seen_at);

-- Wrong query codes of a number, so that guessing is slow.
CREATE TABLE lookup_guard (
  number TEXT NOT NULL PRIMARY KEY,
  failures {INT} NOT NULL,
  until {TS} NOT NULL
);

-- Records that exclude 容缺 and 告知承诺 until they are repaired (国办发〔2020〕42号).
CREATE TABLE trust_record (
  id {BYTES} NOT NULL PRIMARY KEY,
  party {BYTES} NOT NULL,
  reason TEXT NOT NULL,
  recorded_at {TS} NOT NULL,
  recorded_by {BYTES} NOT NULL,
  repaired_at {TS},
  repaired_by {BYTES}
);
CREATE INDEX trust_record_by_party ON trust_record (party, id);

-- 站内消息 to applicants; no personal data in them.
CREATE TABLE message (
  id {BYTES} NOT NULL PRIMARY KEY,
  person {BYTES} NOT NULL,
  case_id {BYTES} NOT NULL,
  origin TEXT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  sent_at {TS} NOT NULL,
  read_at {TS}
);
CREATE UNIQUE INDEX message_by_origin ON message (case_id, origin);
CREATE INDEX message_by_person ON message (person, id);
CREATE INDEX message_unread ON message (person, id) WHERE read_at IS NULL;
