SELECT due_at
FROM messages
WHERE bucket IN heads($1) AND state = 'planned' AND due_at > $2
ORDER BY due_at
LIMIT 1
