SELECT bucket, organization_id, appointment_id, event_version, at, actor, changes
FROM appointment_events
WHERE bucket = $1 AND organization_id = $2 AND appointment_id = $3
ORDER BY event_version
