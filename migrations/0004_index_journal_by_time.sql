-- Who looks through the journal asks for one actor or one kind within a time: the time belongs into those indexes.

DROP INDEX journal_by_actor;
DROP INDEX journal_by_kind;
CREATE INDEX journal_by_actor ON journal (actor, entered_at, position);
CREATE INDEX journal_by_kind ON journal (kind, entered_at, position);
