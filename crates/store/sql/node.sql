SELECT id, version, started_at, expires_at
FROM nodes
WHERE id = $1
