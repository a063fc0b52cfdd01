-- Applications being filled in 草稿, and pages uploaded for them or for a supplement before they are handed in.

CREATE TABLE draft (
  id {BYTES} NOT NULL PRIMARY KEY,
  version {INT} NOT NULL,
  owner_kind TEXT NOT NULL,
  owner {BYTES} NOT NULL,
  channel TEXT NOT NULL,
  items {JSON} NOT NULL,
  accepting_org {BYTES},
  applicant {JSON} NOT NULL,
  form {BYTES} NOT NULL,
  step TEXT NOT NULL,
  happened_at {TS},
  created_at {TS} NOT NULL,
  updated_at {TS} NOT NULL,
  expires_at {TS} NOT NULL,
  -- Once submitted: the application, and the sealed receipt so that submitting again tells the same.
  application {BYTES},
  receipt {BYTES}
);
CREATE INDEX draft_by_owner ON draft (owner, id);
CREATE INDEX draft_by_expiry ON draft (expires_at, id);

-- Pages of a material waiting to be handed in; `holder` is the draft, or the case that is supplemented.
CREATE TABLE upload (
  holder {BYTES} NOT NULL,
  material TEXT NOT NULL,
  page {INT} NOT NULL,
  attachment {BYTES} NOT NULL,
  PRIMARY KEY (holder, material, page)
);
CREATE UNIQUE INDEX upload_by_attachment ON upload (holder, attachment);
