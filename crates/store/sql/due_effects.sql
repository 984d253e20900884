SELECT bucket, organization_id, kind, subject, version, state, due_at, tries, body, wanted_at,
    ended_at, reason
FROM effects
WHERE bucket IN integers($1) AND due_at <= $2
ORDER BY due_at, subject
LIMIT $3
