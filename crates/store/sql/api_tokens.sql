SELECT id, version, organization_id, name, role, secret_hash, hint, created_by, created_at,
    revoked_at
FROM api_tokens
WHERE organization_id = $1
ORDER BY id
