SELECT bucket, organization_id, id, version, kind, client_id, visit_id, appointment_id, note,
    created_at, done_at, done_by, incoming_message_id
FROM tasks
WHERE bucket = $1 AND organization_id = $2 AND id = $3
