-- A bucket's due messages are walked in one order, a page at a time.
DROP INDEX messages_due;

CREATE INDEX messages_due ON messages (bucket, due_at, organization_id, id) WHERE state = 'planned';
