-- The frame, the journal and planned messages.
-- Every table of a tenant is keyed and clustered by bucket and organization; global ones by id.

-- The tenants.
CREATE TABLE organizations (
    bucket BIGINT NOT NULL,
    organization_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    country TEXT NOT NULL,
    plan_generation BIGINT NOT NULL,
    swept_generation BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (bucket, organization_id)
);

-- Whose clients must be planned anew.
CREATE INDEX organizations_to_sweep ON organizations (organization_id)
    WHERE swept_generation < plan_generation;

-- Who changed what that is set up.
CREATE TABLE audit (
    bucket BIGINT NOT NULL,
    organization_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    changes TEXT NOT NULL,
    PRIMARY KEY (bucket, organization_id, id)
);

-- The settings of notifications, one row per save; the highest generation is in force.
CREATE TABLE settings_versions (
    bucket BIGINT NOT NULL,
    organization_id BIGINT NOT NULL,
    generation BIGINT NOT NULL,
    at BIGINT NOT NULL,
    settings TEXT NOT NULL,
    branches TEXT NOT NULL,
    PRIMARY KEY (bucket, organization_id, generation)
);

-- People who sign in; the e-mail address is unique.
CREATE TABLE users (
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    organization_id BIGINT NOT NULL,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    disabled_at BIGINT,
    PRIMARY KEY (id)
);

CREATE UNIQUE INDEX users_email ON users (email);

CREATE INDEX users_organization ON users (organization_id);

-- Signed-in browsers, found by the hash of their secret.
CREATE TABLE sessions (
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    organization_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    secret_hash BYTEA NOT NULL,
    user_agent TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (id)
);

CREATE UNIQUE INDEX sessions_secret ON sessions (secret_hash);

CREATE INDEX sessions_user ON sessions (user_id);

-- Keys for programs, found by the hash of their secret.
CREATE TABLE api_tokens (
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    organization_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    secret_hash BYTEA NOT NULL,
    hint TEXT NOT NULL,
    created_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT,
    PRIMARY KEY (id)
);

CREATE UNIQUE INDEX api_tokens_secret ON api_tokens (secret_hash);

CREATE INDEX api_tokens_organization ON api_tokens (organization_id);

-- Answers under idempotency keys.
CREATE TABLE idempotency_keys (
    bucket BIGINT NOT NULL,
    organization_id BIGINT NOT NULL,
    idempotency_key TEXT NOT NULL,
    request_hash BYTEA NOT NULL,
    result TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (bucket, organization_id, idempotency_key)
);

-- Places with an address and a time zone.
CREATE TABLE branches (
    bucket BIGINT NOT NULL,
    organization_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    commercial_name TEXT,
    address TEXT NOT NULL,
    zone TEXT NOT NULL,
    working_hours TEXT NOT NULL,
    sender_id BIGINT,
    created_at BIGINT NOT NULL,
    archived_at BIGINT,
    PRIMARY KEY (bucket, organization_id, id)
);

-- Who performs services.
CREATE TABLE staff (
    bucket BIGINT NOT NULL,
    organization_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    branch_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    position TEXT NOT NULL,
    schedule TEXT NOT NULL,
    service_ids TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    archived_at BIGINT,
    PRIMARY KEY (bucket, organization_id, id)
);

-- What clients come for.
CREATE TABLE services (
    bucket BIGINT NOT NULL,
    organization_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    title TEXT NOT NULL,
    duration_min BIGINT NOT NULL,
    buffer_min BIGINT NOT NULL,
    price_kopecks BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    archived_at BIGINT,
    PRIMARY KEY (bucket, organization_id, id)
);

-- People who visit.
CREATE TABLE clients (
    bucket BIGINT NOT NULL,
    organization_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    phone TEXT,
    email TEXT,
    birthday TEXT,
    note TEXT NOT NULL,
    language TEXT,
    switches TEXT NOT NULL,
    consents TEXT NOT NULL,
    external_id TEXT,
    created_at BIGINT NOT NULL,
    archived_at BIGINT,
    PRIMARY KEY (bucket, organization_id, id)
);

CREATE INDEX clients_phone ON clients (bucket, organization_id, phone) WHERE phone IS NOT NULL;

CREATE UNIQUE INDEX clients_external ON clients (bucket, organization_id, external_id) WHERE external_id IS NOT NULL;

-- What is agreed with clients.
CREATE TABLE appointments (
    bucket BIGINT NOT NULL,
    organization_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    edit_version BIGINT NOT NULL,
    visit_id BIGINT NOT NULL,
    client_id BIGINT NOT NULL,
    recipient_phone TEXT,
    branch_id BIGINT NOT NULL,
    staff_id BIGINT,
    service_ids TEXT NOT NULL,
    start_local TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    duration_min BIGINT NOT NULL,
    status TEXT NOT NULL,
    cancelled_by TEXT,
    source TEXT NOT NULL,
    note TEXT NOT NULL,
    external_id TEXT,
    external_version TEXT,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    journal_created_at BIGINT NOT NULL,
    notification TEXT NOT NULL,
    PRIMARY KEY (bucket, organization_id, id)
);

CREATE INDEX appointments_client ON appointments (bucket, organization_id, client_id, starts_at);

CREATE INDEX appointments_branch ON appointments (bucket, organization_id, branch_id, starts_at);

CREATE UNIQUE INDEX appointments_external ON appointments (bucket, organization_id, external_id) WHERE external_id IS NOT NULL;

-- One compact row per change of an appointment; the creation stands in the appointment itself.
CREATE TABLE appointment_events (
    bucket BIGINT NOT NULL,
    organization_id BIGINT NOT NULL,
    appointment_id BIGINT NOT NULL,
    event_version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    changes TEXT NOT NULL,
    PRIMARY KEY (bucket, organization_id, appointment_id, event_version)
);

-- One row per staff member and day on which anything was ever booked.
CREATE TABLE staff_days (
    bucket BIGINT NOT NULL,
    organization_id BIGINT NOT NULL,
    staff_id BIGINT NOT NULL,
    day TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (bucket, organization_id, staff_id, day)
);

-- One thing to tell one person.
CREATE TABLE messages (
    bucket BIGINT NOT NULL,
    organization_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    client_id BIGINT NOT NULL,
    subject TEXT NOT NULL,
    kind TEXT NOT NULL,
    occasion TEXT NOT NULL,
    retired BIGINT NOT NULL,
    variant TEXT NOT NULL,
    recipient TEXT NOT NULL,
    covers TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    send_before BIGINT NOT NULL,
    state TEXT NOT NULL,
    state_at BIGINT,
    reason TEXT,
    sender_id BIGINT,
    in_lane BIGINT NOT NULL,
    class_rank BIGINT NOT NULL,
    retry_at BIGINT,
    plan_generation BIGINT NOT NULL,
    planned_at BIGINT NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (bucket, organization_id, id)
);

-- At most one live message of a key (N16); also finds the messages of a client.
CREATE UNIQUE INDEX messages_key ON messages
    (bucket, organization_id, client_id, subject, kind, occasion, retired);

-- What waits for its time.
CREATE INDEX messages_due ON messages (bucket, due_at) WHERE state = 'planned';

-- Own texts, one row per save; the standard ones are in the program.
CREATE TABLE templates (
    bucket BIGINT NOT NULL,
    organization_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    branch_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    variant TEXT NOT NULL,
    language TEXT NOT NULL,
    channel TEXT NOT NULL,
    retired BIGINT NOT NULL,
    text TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    replaced_at BIGINT,
    PRIMARY KEY (bucket, organization_id, id)
);

-- One text in force for each place.
CREATE UNIQUE INDEX templates_key ON templates
    (bucket, organization_id, retired, branch_id, kind, variant, language, channel);
