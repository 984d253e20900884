SELECT send_before
FROM messages
WHERE bucket IN heads($1) AND in_lane = 1 AND send_before > $2
ORDER BY send_before
LIMIT 1
