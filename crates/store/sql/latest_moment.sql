SELECT at
FROM (
    SELECT max(created_at) AS at FROM appointments WHERE bucket = $1 AND organization_id = $2
    UNION ALL
    SELECT max(at) AS at FROM appointment_events WHERE bucket = $1 AND organization_id = $2
    UNION ALL
    SELECT max(planned_at) AS at FROM messages WHERE bucket = $1 AND organization_id = $2
    UNION ALL
    SELECT max(state_at) AS at FROM messages WHERE bucket = $1 AND organization_id = $2
    UNION ALL
    SELECT max(intended_at) AS at FROM deliveries WHERE bucket = $1 AND organization_id = $2
    UNION ALL
    SELECT max(ended_at) AS at FROM deliveries WHERE bucket = $1 AND organization_id = $2
    UNION ALL
    SELECT max(at) AS at FROM incoming_messages WHERE bucket = $1 AND organization_id = $2
    UNION ALL
    SELECT max(done_at) AS at FROM tasks WHERE bucket = $1 AND organization_id = $2
    UNION ALL
    SELECT max(at) AS at FROM audit WHERE bucket = $1 AND organization_id = $2
) AS moments
WHERE at IS NOT NULL
ORDER BY at DESC
LIMIT 1
