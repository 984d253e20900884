SELECT bucket, organization_id, id, version, client_id, subject, kind, occasion, retired,
    variant, recipient, covers, due_at, send_before, state, state_at, reason, sender_id,
    in_lane, class_rank, retry_at, plan_generation, planned_at, why
FROM messages
WHERE bucket = $1 AND organization_id = $2 AND id < $3 AND due_at >= $4 AND due_at < $5
    AND (kind = $6 OR $6 = '') AND (client_id = $7 OR $7 = 0)
    AND (sender_id IN integers($8) OR $9 = 0)
    AND (recipient LIKE '%' || $10 || '%' OR recipient LIKE '%' || $11 || '%')
ORDER BY id DESC
LIMIT $12
