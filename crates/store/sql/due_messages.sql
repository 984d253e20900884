SELECT bucket, organization_id, id, version, client_id, subject, kind, occasion, retired,
    variant, recipient, covers, due_at, send_before, state, state_at, reason, sender_id,
    in_lane, class_rank, retry_at, plan_generation, planned_at, why
FROM messages
WHERE bucket = $1 AND state = 'planned' AND due_at <= $2
    AND (due_at, organization_id, id) > ($3, $4, $5)
ORDER BY due_at, organization_id, id
LIMIT $6
