SELECT bucket, organization_id, id, version, name, name_folded, phone, email, birthday, note,
    language, switches, consents, external_id, created_at, archived_at
FROM clients
WHERE bucket = $1 AND organization_id = $2 AND id IN integers($3)
