SELECT deadline_at
FROM deliveries
WHERE bucket IN heads($1) AND deadline_at > $2
ORDER BY deadline_at
LIMIT 1
