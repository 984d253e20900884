-- Calling back what a phone has fetched; numbers that said STOP; one card per new number.

-- When the phone was asked not to send it after all.
ALTER TABLE deliveries ADD COLUMN recall_asked_at BIGINT;

-- Of a password that was chosen on the phone.
ALTER TABLE phone_links ADD COLUMN password_hash BYTEA;

-- The SMS that a task is about.
ALTER TABLE tasks ADD COLUMN incoming_message_id BIGINT;

-- Numbers that said STOP to an organization; START leaves the row with stopped = 0.
CREATE TABLE stopped_numbers (
    bucket BIGINT NOT NULL,
    organization_id BIGINT NOT NULL,
    phone TEXT NOT NULL,
    version BIGINT NOT NULL,
    stopped BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    incoming_message_id BIGINT,
    PRIMARY KEY (bucket, organization_id, phone)
);

-- The guard against two new cards for one number: raised with every card that takes the number.
CREATE TABLE client_numbers (
    bucket BIGINT NOT NULL,
    organization_id BIGINT NOT NULL,
    phone TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (bucket, organization_id, phone)
);

-- Whose visits speak to a number that is not the card's.
CREATE INDEX appointments_recipient ON appointments
    (bucket, organization_id, recipient_phone, starts_at) WHERE recipient_phone IS NOT NULL;
