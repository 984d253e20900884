-- External journals: links of branches, ids there, and the outbox of effects outwards.

-- Branches whose appointments live in another journal.
CREATE TABLE journal_links (
    bucket INTEGER NOT NULL,
    organization_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    branch_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    location_id TEXT NOT NULL,
    location_title TEXT NOT NULL,
    poll_cursor TEXT,
    next_poll_at INTEGER,
    failures INTEGER NOT NULL,
    last_contact_at INTEGER,
    fault TEXT,
    created_at INTEGER NOT NULL,
    unlinked_at INTEGER,
    PRIMARY KEY (bucket, organization_id, id)
) STRICT, WITHOUT ROWID;

-- A branch has one journal, and a place in a journal is one branch.
CREATE UNIQUE INDEX journal_links_branch ON journal_links
    (bucket, organization_id, branch_id) WHERE unlinked_at IS NULL;

CREATE UNIQUE INDEX journal_links_location ON journal_links
    (bucket, organization_id, kind, location_id) WHERE unlinked_at IS NULL;

CREATE INDEX journal_links_to_poll ON journal_links
    (bucket, next_poll_at) WHERE next_poll_at IS NOT NULL;

-- Clients, masters, services and visits under their ids in a journal.
CREATE TABLE external_ids (
    bucket INTEGER NOT NULL,
    organization_id INTEGER NOT NULL,
    journal TEXT NOT NULL,
    thing TEXT NOT NULL,
    external_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    internal_id INTEGER NOT NULL,
    seen TEXT NOT NULL,
    PRIMARY KEY (bucket, organization_id, journal, thing, external_id)
) STRICT, WITHOUT ROWID;

-- What other systems are to learn: one row per kind and subject.
CREATE TABLE effects (
    bucket INTEGER NOT NULL,
    organization_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    due_at INTEGER,
    tries INTEGER NOT NULL,
    body TEXT NOT NULL,
    wanted_at INTEGER NOT NULL,
    ended_at INTEGER,
    reason TEXT,
    PRIMARY KEY (bucket, organization_id, kind, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX effects_due ON effects (bucket, due_at) WHERE due_at IS NOT NULL;
