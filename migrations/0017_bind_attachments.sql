-- What the id of an attachment is made of together with its row: the events that name the id vouch for the row. Those from
-- before have none.

ALTER TABLE attachment ADD COLUMN salt {BYTES};
