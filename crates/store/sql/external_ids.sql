SELECT bucket, organization_id, journal, thing, external_id, version, internal_id, seen
FROM external_ids
WHERE bucket = $1 AND organization_id = $2 AND journal = $3 AND thing = $4
ORDER BY external_id
