SELECT bucket, organization_id, phone, version, stopped, changed_at, changed_by,
    incoming_message_id
FROM stopped_numbers
WHERE bucket = $1 AND organization_id = $2 AND phone = $3
