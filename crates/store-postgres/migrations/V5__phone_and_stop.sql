-- Calling back what a phone has fetched; numbers that said STOP; one card per new number.

-- When the phone was asked not to send it after all.
ALTER TABLE deliveries ADD COLUMN recall_asked_at BIGINT;

-- Of a password that was chosen on the phone.
ALTER TABLE phone_links ADD COLUMN password_hash BYTEA;
