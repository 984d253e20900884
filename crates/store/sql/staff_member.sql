SELECT bucket, organization_id, id, version, branch_id, name, position, schedule, service_ids,
    created_at, archived_at
FROM staff
WHERE bucket = $1 AND organization_id = $2 AND id = $3
