SELECT DISTINCT organization_id, sender_id
FROM deliveries
WHERE bucket IN integers($1) AND state = 'processing'
