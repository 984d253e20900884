SELECT send_before
FROM messages
WHERE bucket IN integers($1) AND state = 'routed' AND send_before > $2
ORDER BY send_before
LIMIT 1
