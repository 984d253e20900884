SELECT bucket, organization_id, id, version, name, channel, number, zone, settings, created_at,
    archived_at, pushed
FROM senders
WHERE bucket = $1 AND organization_id = $2
ORDER BY id
