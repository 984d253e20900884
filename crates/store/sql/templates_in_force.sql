SELECT bucket, organization_id, id, version, branch_id, kind, variant, language, channel, retired,
    text, created_at, replaced_at
FROM templates
WHERE bucket = $1 AND organization_id = $2 AND retired = 0
ORDER BY id
