-- A request is noted beside its key with what it did, in the transaction of the change, and not before it: nothing is
-- carried out under a lease any more.

DELETE FROM api_request WHERE outcome IS NULL;
ALTER TABLE api_request DROP COLUMN leased_until;
