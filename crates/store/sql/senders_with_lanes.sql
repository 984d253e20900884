SELECT DISTINCT organization_id, sender_id
FROM messages
WHERE bucket IN integers($1) AND state = 'routed' AND sender_id IS NOT NULL
