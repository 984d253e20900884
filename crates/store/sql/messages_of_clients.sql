SELECT bucket, organization_id, id, version, client_id, subject, kind, occasion, retired,
    variant, recipient, covers, due_at, send_before, state, state_at, reason, sender_id,
    in_lane, class_rank, retry_at, plan_generation, planned_at, why
FROM messages
WHERE bucket = $1 AND organization_id = $2 AND client_id IN integers($3) AND (due_at >= $4 OR retired = 0)
ORDER BY id
