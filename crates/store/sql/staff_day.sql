SELECT bucket, organization_id, staff_id, day, version
FROM staff_days
WHERE bucket = $1 AND organization_id = $2 AND staff_id = $3 AND day = $4
