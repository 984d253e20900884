SELECT code_hash, version, organization_id, sender_id, expires_at, used_at
FROM link_codes
WHERE code_hash = $1
