SELECT coalesce(max(created_at), 0) AS at
FROM appointments
WHERE bucket = $1 AND organization_id = $2
UNION ALL
SELECT coalesce(max(at), 0) AS at
FROM appointment_events
WHERE bucket = $1 AND organization_id = $2
UNION ALL
SELECT coalesce(max(planned_at), 0) AS at
FROM messages
WHERE bucket = $1 AND organization_id = $2
UNION ALL
SELECT coalesce(max(state_at), 0) AS at
FROM messages
WHERE bucket = $1 AND organization_id = $2
UNION ALL
SELECT coalesce(max(intended_at), 0) AS at
FROM deliveries
WHERE bucket = $1 AND organization_id = $2
UNION ALL
SELECT coalesce(max(ended_at), 0) AS at
FROM deliveries
WHERE bucket = $1 AND organization_id = $2
UNION ALL
SELECT coalesce(max(at), 0) AS at
FROM incoming_messages
WHERE bucket = $1 AND organization_id = $2
UNION ALL
SELECT coalesce(max(done_at), 0) AS at
FROM tasks
WHERE bucket = $1 AND organization_id = $2
UNION ALL
SELECT coalesce(max(at), 0) AS at
FROM audit
WHERE bucket = $1 AND organization_id = $2
ORDER BY at DESC
LIMIT 1
