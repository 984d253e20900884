SELECT DISTINCT organization_id, sender_id
FROM messages
WHERE bucket IN integers($1) AND in_lane = 1 AND sender_id IS NOT NULL
