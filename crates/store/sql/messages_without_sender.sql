SELECT bucket, organization_id, id, version, client_id, subject, kind, occasion, retired,
    variant, recipient, covers, due_at, send_before, state, state_at, reason, sender_id,
    class_rank, plan_generation, planned_at, why
FROM messages
WHERE bucket = $1 AND organization_id = $2 AND state = 'routed' AND sender_id IS NULL
ORDER BY class_rank, due_at, id
LIMIT $3
