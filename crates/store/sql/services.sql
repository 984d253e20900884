SELECT bucket, organization_id, id, version, title, duration_min, buffer_min, price_kopecks,
    created_at, archived_at
FROM services
WHERE bucket = $1 AND organization_id = $2
ORDER BY id
