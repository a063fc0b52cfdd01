-- The window: what a clerk has open. What was typed (numbers and names of people among it) is sealed.

CREATE TABLE window_tab (
  id {BYTES} NOT NULL PRIMARY KEY,
  staff {BYTES} NOT NULL,
  version {INT} NOT NULL,
  -- The page that wrote last: its own earlier writes do not make it stale.
  writer TEXT NOT NULL,
  -- 1 to 3 while it is open; none once it became a case or was closed.
  slot {INT},
  draft {BYTES},
  case_id {BYTES},
  opened_at {TS} NOT NULL,
  touched_at {TS} NOT NULL,
  typed {BYTES} NOT NULL
);
CREATE UNIQUE INDEX window_tab_by_slot ON window_tab (staff, slot) WHERE slot IS NOT NULL;
CREATE INDEX window_tab_by_touch ON window_tab (staff, touched_at);
