-- Senders, deliveries, what comes in, tasks, and the visits' pages.

-- One phone, bind or bot of an organization.
CREATE TABLE senders (
    bucket BIGINT NOT NULL,
    organization_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    channel TEXT NOT NULL,
    number TEXT,
    zone TEXT NOT NULL,
    settings TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    archived_at BIGINT,
    PRIMARY KEY (bucket, organization_id, id)
);

-- What linked phones tell of themselves: global, since a request carries only a token.
CREATE TABLE phone_links (
    sender_id BIGINT NOT NULL,
    organization_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    link_token_hash BYTEA NOT NULL,
    registration BIGINT NOT NULL,
    device_token_hash BYTEA,
    app_version TEXT,
    relinking_since BIGINT,
    last_contact_at BIGINT,
    battery_percent BIGINT,
    charging BIGINT,
    has_push_token BIGINT NOT NULL,
    sim_count BIGINT,
    webhook_key_confirmed BIGINT NOT NULL,
    PRIMARY KEY (sender_id)
);

CREATE INDEX phone_links_organization ON phone_links (organization_id);

CREATE UNIQUE INDEX phone_links_link_token ON phone_links (link_token_hash);

CREATE UNIQUE INDEX phone_links_device_token ON phone_links (device_token_hash);

-- How much a sender has released: raised together with each intent.
CREATE TABLE pace_states (
    bucket BIGINT NOT NULL,
    organization_id BIGINT NOT NULL,
    sender_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    day TEXT NOT NULL,
    day_parts BIGINT NOT NULL,
    day_messages BIGINT NOT NULL,
    last_release_at BIGINT,
    window_open BIGINT NOT NULL,
    PRIMARY KEY (bucket, organization_id, sender_id)
);

-- One-time codes for linking phones: global, since the phone knows nothing else.
CREATE TABLE link_codes (
    code_hash BYTEA NOT NULL,
    version BIGINT NOT NULL,
    organization_id BIGINT NOT NULL,
    sender_id BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (code_hash)
);

-- One try of a message over one sender.
CREATE TABLE deliveries (
    bucket BIGINT NOT NULL,
    organization_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    step BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    sender_id BIGINT NOT NULL,
    sender_registration BIGINT NOT NULL,
    client_id BIGINT NOT NULL,
    recipient TEXT NOT NULL,
    text TEXT NOT NULL,
    parts BIGINT NOT NULL,
    state TEXT NOT NULL,
    delivered_in_part BIGINT NOT NULL,
    carrier_id TEXT,
    error_code TEXT,
    intended_at BIGINT NOT NULL,
    fetched_at BIGINT,
    acknowledged_at BIGINT,
    handed_to_radio_at BIGINT,
    submitted_at BIGINT,
    ended_at BIGINT,
    deadline_at BIGINT,
    valid_until BIGINT NOT NULL,
    price_kopecks BIGINT,
    PRIMARY KEY (bucket, organization_id, id)
);

CREATE INDEX deliveries_message ON deliveries (bucket, organization_id, message_id);

-- What a sender has in flight.
CREATE INDEX deliveries_in_flight ON deliveries (bucket, organization_id, sender_id, id) WHERE state = 'processing';

-- What only time can move.
CREATE INDEX deliveries_deadline ON deliveries (bucket, deadline_at) WHERE deadline_at IS NOT NULL;

-- SMS that linked phones received.
CREATE TABLE incoming_messages (
    bucket BIGINT NOT NULL,
    organization_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    sender_id BIGINT NOT NULL,
    from_text TEXT NOT NULL,
    phone TEXT,
    client_id BIGINT,
    text TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    at BIGINT NOT NULL,
    dedupe_key TEXT NOT NULL,
    PRIMARY KEY (bucket, organization_id, id)
);

-- The same SMS is handed over more than once.
CREATE UNIQUE INDEX incoming_messages_dedupe ON incoming_messages
    (bucket, organization_id, sender_id, dedupe_key);

CREATE INDEX incoming_messages_client ON incoming_messages (bucket, organization_id, client_id, id);

-- What a person at the front desk has to do.
CREATE TABLE tasks (
    bucket BIGINT NOT NULL,
    organization_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    kind TEXT NOT NULL,
    client_id BIGINT,
    visit_id BIGINT,
    appointment_id BIGINT,
    note TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    done_at BIGINT,
    done_by TEXT,
    PRIMARY KEY (bucket, organization_id, id)
);

-- The links of visits' pages: global, since whoever opens one does not know the organization.
CREATE TABLE visit_links (
    token TEXT NOT NULL,
    organization_id BIGINT NOT NULL,
    client_id BIGINT NOT NULL,
    visit_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (token)
);

CREATE UNIQUE INDEX visit_links_visit ON visit_links (organization_id, visit_id);

-- What waits in the lane of a sender, and what is running out of time there.
CREATE INDEX messages_lane ON messages
    (bucket, organization_id, sender_id, class_rank, due_at) WHERE in_lane = 1;

CREATE INDEX messages_send_before ON messages (bucket, send_before) WHERE in_lane = 1;
