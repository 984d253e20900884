-- The installation, the processes that serve it, and what they lease.

-- The mark of the installation: one row.
CREATE TABLE instance (
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    held_since BIGINT,
    held_because TEXT,
    let_go_at BIGINT,
    PRIMARY KEY (id)
);

-- Processes; the version is the heartbeat.
CREATE TABLE nodes (
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX nodes_alive ON nodes (expires_at);

-- Who drives a sender that we call; the version is the fence.
CREATE TABLE sender_leases (
    bucket BIGINT NOT NULL,
    organization_id BIGINT NOT NULL,
    sender_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    node_id BIGINT,
    taken_at BIGINT NOT NULL,
    PRIMARY KEY (bucket, organization_id, sender_id)
);

-- Receipts that overtook the answer that names their try.
CREATE TABLE parked_receipts (
    bucket BIGINT NOT NULL,
    organization_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    sender_id BIGINT NOT NULL,
    carrier_id TEXT NOT NULL,
    receipt TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (bucket, organization_id, id)
);

CREATE INDEX parked_receipts_carrier_id ON parked_receipts
    (bucket, organization_id, sender_id, carrier_id);

-- Do we call its carrier, instead of its device asking us?
ALTER TABLE senders ADD COLUMN pushed BIGINT NOT NULL DEFAULT 0;

CREATE INDEX senders_pushed ON senders (bucket, organization_id, id) WHERE pushed = 1;

-- Receipts name a try by the carrier's id.
CREATE INDEX deliveries_carrier_id ON deliveries
    (bucket, organization_id, sender_id, carrier_id) WHERE carrier_id IS NOT NULL;
