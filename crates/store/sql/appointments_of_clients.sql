SELECT bucket, organization_id, id, version, edit_version, visit_id, client_id, recipient_phone, branch_id,
    staff_id, service_ids, start_local, starts_at, duration_min, status, cancelled_by, source,
    note, external_id, external_version, created_at, created_by, journal_created_at, notification
FROM appointments
WHERE bucket = $1 AND organization_id = $2 AND client_id IN integers($3) AND starts_at >= $4
ORDER BY starts_at, id
