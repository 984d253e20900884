SELECT bucket, organization_id, version, name, language, country, plan_generation,
    swept_generation, created_at
FROM organizations
WHERE swept_generation < plan_generation
LIMIT $1
