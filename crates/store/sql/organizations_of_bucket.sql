SELECT bucket, organization_id, version, name, language, country, plan_generation,
    swept_generation, created_at
FROM organizations
WHERE bucket = $1 AND organization_id > $2
ORDER BY organization_id
LIMIT $3
