-- The head of the chain of blocks as it was signed, one a day, to be published: whoever cuts off or rewrites the end of the
-- journal later is found by it.

CREATE TABLE published_head (
  day TEXT NOT NULL PRIMARY KEY,
  block_no {INT} NOT NULL,
  hash {BYTES} NOT NULL,
  sealed_at {TS} NOT NULL,
  signed_at {TS} NOT NULL,
  public_key {BYTES} NOT NULL,
  signature {BYTES} NOT NULL
);
