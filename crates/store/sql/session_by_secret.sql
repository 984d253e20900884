SELECT id, version, organization_id, user_id, secret_hash, user_agent, created_at, expires_at,
    ended_at
FROM sessions
WHERE secret_hash = $1
