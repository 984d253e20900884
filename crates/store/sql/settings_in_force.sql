SELECT bucket, organization_id, generation, at, settings, branches
FROM settings_versions
WHERE bucket = $1 AND organization_id = $2
ORDER BY generation DESC
LIMIT 1
