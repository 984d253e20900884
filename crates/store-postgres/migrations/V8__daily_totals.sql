-- How many tries of a day came to what: counters, added to with every outcome. `branch_id` is 0 where a
-- try speaks of no visit.
CREATE TABLE daily_totals (
    bucket BIGINT NOT NULL,
    organization_id BIGINT NOT NULL,
    day TEXT NOT NULL,
    branch_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    sender_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (bucket, organization_id, day, branch_id, kind, sender_id, state)
);

-- What a try is counted by.
ALTER TABLE deliveries ADD COLUMN day TEXT NOT NULL DEFAULT '';
ALTER TABLE deliveries ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE deliveries ADD COLUMN branch_id BIGINT;

-- Older tries count for the day of UTC and for no branch.
UPDATE deliveries SET
    day = to_char(to_timestamp(intended_at / 1000000) AT TIME ZONE 'UTC', 'YYYY-MM-DD'),
    kind = (
        SELECT kind FROM messages
        WHERE messages.bucket = deliveries.bucket
            AND messages.organization_id = deliveries.organization_id
            AND messages.id = deliveries.message_id
    );

INSERT INTO daily_totals
    (bucket, organization_id, day, branch_id, kind, sender_id, state, count)
SELECT bucket, organization_id, day, 0, kind, sender_id, state, count(*)
FROM deliveries
WHERE state <> 'processing'
GROUP BY bucket, organization_id, day, kind, sender_id, state;
