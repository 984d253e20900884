-- Senders, deliveries, what comes in, tasks, and the visits' pages.

-- One phone, bind or bot of an organization.
CREATE TABLE senders (
    bucket INTEGER NOT NULL,
    organization_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    channel TEXT NOT NULL,
    number TEXT,
    zone TEXT NOT NULL,
    settings TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    archived_at INTEGER,
    PRIMARY KEY (bucket, organization_id, id)
) STRICT, WITHOUT ROWID;

-- What linked phones tell of themselves: global, since a request carries only a token.
CREATE TABLE phone_links (
    sender_id INTEGER NOT NULL,
    organization_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    link_token_hash BLOB NOT NULL,
    registration INTEGER NOT NULL,
    device_token_hash BLOB,
    app_version TEXT,
    relinking_since INTEGER,
    last_contact_at INTEGER,
    battery_percent INTEGER,
    charging INTEGER,
    has_push_token INTEGER NOT NULL,
    sim_count INTEGER,
    webhook_key_confirmed INTEGER NOT NULL,
    PRIMARY KEY (sender_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX phone_links_organization ON phone_links (organization_id);

CREATE UNIQUE INDEX phone_links_link_token ON phone_links (link_token_hash);

CREATE UNIQUE INDEX phone_links_device_token ON phone_links (device_token_hash);

-- How much a sender has released: raised together with each intent.
CREATE TABLE pace_states (
    bucket INTEGER NOT NULL,
    organization_id INTEGER NOT NULL,
    sender_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    day TEXT NOT NULL,
    day_parts INTEGER NOT NULL,
    day_messages INTEGER NOT NULL,
    last_release_at INTEGER,
    window_open INTEGER NOT NULL,
    PRIMARY KEY (bucket, organization_id, sender_id)
) STRICT, WITHOUT ROWID;

-- One-time codes for linking phones: global, since the phone knows nothing else.
CREATE TABLE link_codes (
    code_hash BLOB NOT NULL,
    version INTEGER NOT NULL,
    organization_id INTEGER NOT NULL,
    sender_id INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (code_hash)
) STRICT, WITHOUT ROWID;

-- One try of a message over one sender.
CREATE TABLE deliveries (
    bucket INTEGER NOT NULL,
    organization_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    step INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    sender_id INTEGER NOT NULL,
    sender_registration INTEGER NOT NULL,
    client_id INTEGER NOT NULL,
    recipient TEXT NOT NULL,
    text TEXT NOT NULL,
    parts INTEGER NOT NULL,
    state TEXT NOT NULL,
    delivered_in_part INTEGER NOT NULL,
    carrier_id TEXT,
    error_code TEXT,
    intended_at INTEGER NOT NULL,
    fetched_at INTEGER,
    acknowledged_at INTEGER,
    handed_to_radio_at INTEGER,
    submitted_at INTEGER,
    ended_at INTEGER,
    deadline_at INTEGER,
    valid_until INTEGER NOT NULL,
    price_kopecks INTEGER,
    PRIMARY KEY (bucket, organization_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX deliveries_message ON deliveries (bucket, organization_id, message_id);

-- What a sender has in flight.
CREATE INDEX deliveries_in_flight ON deliveries (bucket, organization_id, sender_id, id) WHERE state = 'processing';

-- What only time can move.
CREATE INDEX deliveries_deadline ON deliveries (bucket, deadline_at) WHERE deadline_at IS NOT NULL;

-- SMS that linked phones received.
CREATE TABLE incoming_messages (
    bucket INTEGER NOT NULL,
    organization_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    sender_id INTEGER NOT NULL,
    from_text TEXT NOT NULL,
    phone TEXT,
    client_id INTEGER,
    text TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    at INTEGER NOT NULL,
    dedupe_key TEXT NOT NULL,
    PRIMARY KEY (bucket, organization_id, id)
) STRICT, WITHOUT ROWID;

-- The same SMS is handed over more than once.
CREATE UNIQUE INDEX incoming_messages_dedupe ON incoming_messages
    (bucket, organization_id, sender_id, dedupe_key);

CREATE INDEX incoming_messages_client ON incoming_messages (bucket, organization_id, client_id, id);

-- What a person at the front desk has to do.
CREATE TABLE tasks (
    bucket INTEGER NOT NULL,
    organization_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    client_id INTEGER,
    visit_id INTEGER,
    appointment_id INTEGER,
    note TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    done_at INTEGER,
    done_by TEXT,
    PRIMARY KEY (bucket, organization_id, id)
) STRICT, WITHOUT ROWID;

-- The links of visits' pages: global, since whoever opens one does not know the organization.
CREATE TABLE visit_links (
    token TEXT NOT NULL,
    organization_id INTEGER NOT NULL,
    client_id INTEGER NOT NULL,
    visit_id INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (token)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX visit_links_visit ON visit_links (organization_id, visit_id);

-- What waits in the lane of a sender, and what is running out of time there.
CREATE INDEX messages_lane ON messages
    (bucket, organization_id, sender_id, class_rank, due_at) WHERE in_lane = 1;

CREATE INDEX messages_send_before ON messages (bucket, send_before) WHERE in_lane = 1;
