-- Who acts for a firm 经办人: found from the person's side too.

ALTER TABLE person ADD COLUMN handler {BYTES};
CREATE INDEX person_by_handler ON person (handler, id);

-- Who has a post at an organisation: colleagues to whom work can be given.
CREATE INDEX staff_post_by_org ON staff_post (org, role, staff);
