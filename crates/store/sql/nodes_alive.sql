SELECT id, version, started_at, expires_at
FROM nodes
WHERE expires_at > $1
