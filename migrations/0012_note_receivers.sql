-- Who took a result at the window 领取人: name, relation to the applicant, the end of the number of their document. Sealed;
-- the event of the delivery names the row.

CREATE TABLE receiver (
  id {BYTES} NOT NULL PRIMARY KEY,
  told {BYTES} NOT NULL,
  noted_at {TS} NOT NULL
);
