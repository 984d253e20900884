SELECT bucket, organization_id, id, version, client_id, subject, kind, occasion, retired,
    variant, recipient, covers, due_at, send_before, state, state_at, reason, sender_id,
    in_lane, class_rank, retry_at, plan_generation, planned_at, why
FROM messages
WHERE bucket IN heads($1) AND in_lane = 1 AND send_before <= $2
ORDER BY send_before
LIMIT $3
