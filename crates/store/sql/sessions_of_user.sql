SELECT id, version, organization_id, user_id, secret_hash, user_agent, created_at, expires_at,
    ended_at
FROM sessions
WHERE user_id = $1 AND organization_id = $2 AND ended_at IS NULL AND expires_at > $3
ORDER BY id
