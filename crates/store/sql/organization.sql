SELECT bucket, organization_id, version, name, language, country, plan_generation,
    swept_generation, created_at
FROM organizations
WHERE bucket = $1 AND organization_id = $2
