-- What the front desk has to do, and the visits' pages.

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
