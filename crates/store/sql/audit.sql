SELECT bucket, organization_id, id, at, actor, action, subject, changes
FROM audit
WHERE bucket = $1 AND organization_id = $2 AND id < $3
ORDER BY id DESC
LIMIT $4
