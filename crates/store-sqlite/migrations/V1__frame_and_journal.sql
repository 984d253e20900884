-- The frame, the journal and planned messages.
-- Every table of a tenant is keyed and clustered by bucket and organization; global ones by id.

-- The tenants.
CREATE TABLE organizations (
    bucket INTEGER NOT NULL,
    organization_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    country TEXT NOT NULL,
    plan_generation INTEGER NOT NULL,
    swept_generation INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (bucket, organization_id)
) STRICT, WITHOUT ROWID;

-- Whose clients must be planned anew.
CREATE INDEX organizations_to_sweep ON organizations (organization_id)
    WHERE swept_generation < plan_generation;

-- Who changed what that is set up.
CREATE TABLE audit (
    bucket INTEGER NOT NULL,
    organization_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    changes TEXT NOT NULL,
    PRIMARY KEY (bucket, organization_id, id)
) STRICT, WITHOUT ROWID;

-- The settings of notifications, one row per save; the highest generation is in force.
CREATE TABLE settings_versions (
    bucket INTEGER NOT NULL,
    organization_id INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    at INTEGER NOT NULL,
    settings TEXT NOT NULL,
    branches TEXT NOT NULL,
    PRIMARY KEY (bucket, organization_id, generation)
) STRICT, WITHOUT ROWID;

-- People who sign in; the e-mail address is unique.
CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    organization_id INTEGER NOT NULL,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    disabled_at INTEGER
) STRICT;

CREATE UNIQUE INDEX users_email ON users (email);

CREATE INDEX users_organization ON users (organization_id);

-- Signed-in browsers, found by the hash of their secret.
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    organization_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    secret_hash BLOB NOT NULL,
    user_agent TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;

CREATE UNIQUE INDEX sessions_secret ON sessions (secret_hash);

CREATE INDEX sessions_user ON sessions (user_id);

-- Keys for programs, found by the hash of their secret.
CREATE TABLE api_tokens (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    organization_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    secret_hash BLOB NOT NULL,
    hint TEXT NOT NULL,
    created_by INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;

CREATE UNIQUE INDEX api_tokens_secret ON api_tokens (secret_hash);

CREATE INDEX api_tokens_organization ON api_tokens (organization_id);

-- Answers under idempotency keys.
CREATE TABLE idempotency_keys (
    bucket INTEGER NOT NULL,
    organization_id INTEGER NOT NULL,
    idempotency_key TEXT NOT NULL,
    request_hash BLOB NOT NULL,
    result TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (bucket, organization_id, idempotency_key)
) STRICT, WITHOUT ROWID;

-- Places with an address and a time zone.
CREATE TABLE branches (
    bucket INTEGER NOT NULL,
    organization_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    commercial_name TEXT,
    address TEXT NOT NULL,
    zone TEXT NOT NULL,
    working_hours TEXT NOT NULL,
    sender_id INTEGER,
    created_at INTEGER NOT NULL,
    archived_at INTEGER,
    PRIMARY KEY (bucket, organization_id, id)
) STRICT, WITHOUT ROWID;

-- Who performs services.
CREATE TABLE staff (
    bucket INTEGER NOT NULL,
    organization_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    branch_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    position TEXT NOT NULL,
    schedule TEXT NOT NULL,
    service_ids TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    archived_at INTEGER,
    PRIMARY KEY (bucket, organization_id, id)
) STRICT, WITHOUT ROWID;

-- What clients come for.
CREATE TABLE services (
    bucket INTEGER NOT NULL,
    organization_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    title TEXT NOT NULL,
    duration_min INTEGER NOT NULL,
    buffer_min INTEGER NOT NULL,
    price_kopecks INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    archived_at INTEGER,
    PRIMARY KEY (bucket, organization_id, id)
) STRICT, WITHOUT ROWID;

-- People who visit.
CREATE TABLE clients (
    bucket INTEGER NOT NULL,
    organization_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER NOT NULL,
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
    created_at INTEGER NOT NULL,
    archived_at INTEGER,
    PRIMARY KEY (bucket, organization_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX clients_phone ON clients (bucket, organization_id, phone) WHERE phone IS NOT NULL;

CREATE UNIQUE INDEX clients_external ON clients (bucket, organization_id, external_id) WHERE external_id IS NOT NULL;

-- What is agreed with clients.
CREATE TABLE appointments (
    bucket INTEGER NOT NULL,
    organization_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    edit_version INTEGER NOT NULL,
    visit_id INTEGER NOT NULL,
    client_id INTEGER NOT NULL,
    recipient_phone TEXT,
    branch_id INTEGER NOT NULL,
    staff_id INTEGER,
    service_ids TEXT NOT NULL,
    start_local TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    duration_min INTEGER NOT NULL,
    status TEXT NOT NULL,
    cancelled_by TEXT,
    source TEXT NOT NULL,
    note TEXT NOT NULL,
    external_id TEXT,
    external_version TEXT,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    journal_created_at INTEGER NOT NULL,
    notification TEXT NOT NULL,
    PRIMARY KEY (bucket, organization_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX appointments_client ON appointments (bucket, organization_id, client_id, starts_at);

CREATE INDEX appointments_branch ON appointments (bucket, organization_id, branch_id, starts_at);

CREATE UNIQUE INDEX appointments_external ON appointments (bucket, organization_id, external_id) WHERE external_id IS NOT NULL;

-- One compact row per change of an appointment; the creation stands in the appointment itself.
CREATE TABLE appointment_events (
    bucket INTEGER NOT NULL,
    organization_id INTEGER NOT NULL,
    appointment_id INTEGER NOT NULL,
    event_version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    changes TEXT NOT NULL,
    PRIMARY KEY (bucket, organization_id, appointment_id, event_version)
) STRICT, WITHOUT ROWID;

-- One row per staff member and day on which anything was ever booked.
CREATE TABLE staff_days (
    bucket INTEGER NOT NULL,
    organization_id INTEGER NOT NULL,
    staff_id INTEGER NOT NULL,
    day TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (bucket, organization_id, staff_id, day)
) STRICT, WITHOUT ROWID;

-- One thing to tell one person.
CREATE TABLE messages (
    bucket INTEGER NOT NULL,
    organization_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    client_id INTEGER NOT NULL,
    subject TEXT NOT NULL,
    kind TEXT NOT NULL,
    occasion TEXT NOT NULL,
    retired INTEGER NOT NULL,
    variant TEXT NOT NULL,
    recipient TEXT NOT NULL,
    covers TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    send_before INTEGER NOT NULL,
    state TEXT NOT NULL,
    state_at INTEGER,
    reason TEXT,
    sender_id INTEGER,
    in_lane INTEGER NOT NULL,
    class_rank INTEGER NOT NULL,
    retry_at INTEGER,
    plan_generation INTEGER NOT NULL,
    planned_at INTEGER NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (bucket, organization_id, id)
) STRICT, WITHOUT ROWID;

-- At most one live message of a key (N16); also finds the messages of a client.
CREATE UNIQUE INDEX messages_key ON messages
    (bucket, organization_id, client_id, subject, kind, occasion, retired);

-- What waits for its time.
CREATE INDEX messages_due ON messages (bucket, due_at) WHERE state = 'planned';

-- Own texts, one row per save; the standard ones are in the program.
CREATE TABLE templates (
    bucket INTEGER NOT NULL,
    organization_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    branch_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    variant TEXT NOT NULL,
    language TEXT NOT NULL,
    channel TEXT NOT NULL,
    retired INTEGER NOT NULL,
    text TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    replaced_at INTEGER,
    PRIMARY KEY (bucket, organization_id, id)
) STRICT, WITHOUT ROWID;

-- One text in force for each place.
CREATE UNIQUE INDEX templates_key ON templates
    (bucket, organization_id, retired, branch_id, kind, variant, language, channel);
