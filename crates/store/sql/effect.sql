SELECT bucket, organization_id, kind, subject, version, state, due_at, tries, body, wanted_at,
    ended_at, reason
FROM effects
WHERE bucket = $1 AND organization_id = $2 AND kind = $3 AND subject = $4
