-- Clients 接入系统: programs of departments that work over the API. Their secrets and tokens are kept as SM3 digests.

CREATE TABLE api_client (
  id {BYTES} NOT NULL PRIMARY KEY,
  version {INT} NOT NULL,
  name TEXT NOT NULL,
  is_open {BOOL} NOT NULL,
  state {JSON} NOT NULL,
  secret {BYTES}
);

CREATE TABLE api_token (
  token {BYTES} NOT NULL PRIMARY KEY,
  client {BYTES} NOT NULL,
  scopes TEXT NOT NULL,
  expires_at {TS} NOT NULL
);
CREATE INDEX api_token_by_client ON api_token (client);
CREATE INDEX api_token_by_expiry ON api_token (expires_at, token);

-- Requests of a legal day, reserved in lots by the nodes.
CREATE TABLE api_usage (
  client {BYTES} NOT NULL,
  day TEXT NOT NULL,
  used {INT} NOT NULL,
  PRIMARY KEY (client, day)
);
CREATE INDEX api_usage_by_day ON api_usage (day, client);

-- One row a request that changes something, under the Idempotency-Key it came with: whoever sends it again is told the
-- same. The outcome is written in the transaction of the change itself.
CREATE TABLE api_request (
  client {BYTES} NOT NULL,
  key TEXT NOT NULL,
  print {BYTES} NOT NULL,
  effect {BYTES} NOT NULL,
  begun_at {TS} NOT NULL,
  leased_until {TS} NOT NULL,
  outcome {JSON},
  PRIMARY KEY (client, key)
);
CREATE INDEX api_request_by_age ON api_request (begun_at, client, key);

-- Files that a client uploaded for a later step: only their own may be named there.
CREATE TABLE api_file (
  file {BYTES} NOT NULL PRIMARY KEY,
  client {BYTES} NOT NULL,
  added_at {TS} NOT NULL
);
