-- What administrators change of the city while it runs, over the files of its base data: one row an organisation, one
-- for the working days. `state` is the fold of the stream `org` or `calendar` with the same id.

CREATE TABLE org_office (
  id {BYTES} NOT NULL PRIMARY KEY,
  version {INT} NOT NULL,
  state {JSON} NOT NULL
);

CREATE TABLE workdays (
  id {BYTES} NOT NULL PRIMARY KEY,
  version {INT} NOT NULL,
  state {JSON} NOT NULL
);
