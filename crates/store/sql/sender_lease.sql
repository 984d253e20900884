SELECT bucket, organization_id, sender_id, version, node_id, taken_at
FROM sender_leases
WHERE bucket = $1 AND organization_id = $2 AND sender_id = $3
