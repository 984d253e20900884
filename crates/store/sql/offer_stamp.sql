SELECT 0, CAST(coalesce(sum(version), 0) AS BIGINT) FROM branches
WHERE bucket = $1 AND organization_id = $2
UNION ALL
SELECT 1, CAST(coalesce(sum(version), 0) AS BIGINT) FROM staff
WHERE bucket = $1 AND organization_id = $2
UNION ALL
SELECT 2, CAST(coalesce(sum(version), 0) AS BIGINT) FROM services
WHERE bucket = $1 AND organization_id = $2
UNION ALL
SELECT 3, coalesce(max(generation), 0) FROM settings_versions
WHERE bucket = $1 AND organization_id = $2
