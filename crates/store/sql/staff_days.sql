SELECT bucket, organization_id, staff_id, day, version
FROM staff_days
WHERE bucket = $1 AND organization_id = $2 AND staff_id IN integers($3) AND day IN texts($4)
ORDER BY staff_id, day
