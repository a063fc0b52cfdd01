-- People: whom matters are about (persons), who works here (staff accounts and posts), who is signed in (sessions).
-- Names, documents, phones and addresses of persons are sealed; what is searched by equality has a blind index.

CREATE TABLE person (
  id {BYTES} NOT NULL PRIMARY KEY,
  version {INT} NOT NULL,
  kind TEXT NOT NULL,
  document_kind TEXT NOT NULL,
  document {BYTES} NOT NULL,
  document_index {BYTES} NOT NULL,
  name {BYTES} NOT NULL,
  name_index {BYTES} NOT NULL,
  phone {BYTES},
  phone_index {BYTES},
  address {BYTES},
  -- The name as lists and headers show it: 王*明.
  masked TEXT NOT NULL,
  state {JSON} NOT NULL
);
CREATE UNIQUE INDEX person_by_document ON person (document_index);
CREATE INDEX person_by_phone ON person (phone_index, id);

CREATE TABLE citizen_account (
  person {BYTES} NOT NULL PRIMARY KEY,
  password TEXT NOT NULL,
  -- Blind index of the phone when it may be typed to sign in: one account a phone.
  phone_login {BYTES},
  opened_at {TS} NOT NULL
);
CREATE UNIQUE INDEX citizen_account_by_phone ON citizen_account (phone_login);

CREATE TABLE staff_account (
  id {BYTES} NOT NULL PRIMARY KEY,
  version {INT} NOT NULL,
  login TEXT NOT NULL,
  name TEXT NOT NULL,
  is_open {BOOL} NOT NULL,
  state {JSON} NOT NULL,
  password TEXT NOT NULL,
  totp {BYTES},
  -- The last time step whose code was used: a code is taken once.
  totp_step {INT} NOT NULL
);
CREATE UNIQUE INDEX staff_account_by_login ON staff_account (login);

CREATE TABLE staff_post (
  id {BYTES} NOT NULL PRIMARY KEY,
  staff {BYTES} NOT NULL,
  role TEXT NOT NULL,
  org {BYTES} NOT NULL,
  path TEXT NOT NULL
);
CREATE INDEX staff_post_by_staff ON staff_post (staff);
CREATE INDEX staff_post_by_path ON staff_post (path, staff);

-- Who is signed in, by the SM3 hash of the token in the cookie.
CREATE TABLE session (
  token {BYTES} NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  subject {BYTES} NOT NULL,
  step TEXT NOT NULL,
  opened_at {TS} NOT NULL,
  seen_at {TS} NOT NULL
);
CREATE INDEX session_by_subject ON session (subject);
CREATE INDEX session_by_seen ON session (seen_at);

-- Wrong passwords and codes in a row, by a hash of the name typed, whether there is such an account or not.
CREATE TABLE login_wait (
  subject {BYTES} NOT NULL PRIMARY KEY,
  failures {INT} NOT NULL,
  last_at {TS} NOT NULL,
  until_at {TS} NOT NULL
);
CREATE INDEX login_wait_by_last ON login_wait (last_at);
