-- The installation, the processes that serve it, and what they lease.

-- The mark of the installation: one row.
CREATE TABLE instance (
    id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    held_since INTEGER,
    held_because TEXT,
    let_go_at INTEGER,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

-- Processes; the version is the heartbeat.
CREATE TABLE nodes (
    id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

CREATE INDEX nodes_alive ON nodes (expires_at);

-- Who drives a sender that we call; the version is the fence.
CREATE TABLE sender_leases (
    bucket INTEGER NOT NULL,
    organization_id INTEGER NOT NULL,
    sender_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    node_id INTEGER,
    taken_at INTEGER NOT NULL,
    PRIMARY KEY (bucket, organization_id, sender_id)
) STRICT, WITHOUT ROWID;

-- Receipts that overtook the answer that names their try.
CREATE TABLE parked_receipts (
    bucket INTEGER NOT NULL,
    organization_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    sender_id INTEGER NOT NULL,
    carrier_id TEXT NOT NULL,
    receipt TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (bucket, organization_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX parked_receipts_carrier_id ON parked_receipts
    (bucket, organization_id, sender_id, carrier_id);

-- Do we call its carrier, instead of its device asking us?
ALTER TABLE senders ADD COLUMN pushed INTEGER NOT NULL DEFAULT 0;

CREATE INDEX senders_pushed ON senders (bucket, organization_id, id) WHERE pushed = 1;

-- Receipts name a try by the carrier's id.
CREATE INDEX deliveries_carrier_id ON deliveries
    (bucket, organization_id, sender_id, carrier_id) WHERE carrier_id IS NOT NULL;
