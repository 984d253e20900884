-- What the front desk has to do, and the visits' pages.

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
