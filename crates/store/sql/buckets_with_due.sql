SELECT wanted.value
FROM integers($1) AS wanted
WHERE EXISTS (
    SELECT 1 FROM messages
    WHERE messages.bucket = wanted.value AND messages.state = 'planned' AND messages.due_at <= $2
)
ORDER BY wanted.value
