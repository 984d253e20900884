SELECT bucket, organization_id, id, version, name, commercial_name, address, zone, working_hours,
    sender_id, created_at, archived_at
FROM branches
WHERE bucket = $1 AND organization_id = $2
ORDER BY id
