SELECT bucket, organization_id, id, version, message_id, step, attempt, sender_id,
    sender_registration, client_id, recipient, text, parts, state, delivered_in_part,
    carrier_id, error_code, intended_at, fetched_at, acknowledged_at, handed_to_radio_at,
    submitted_at, ended_at, deadline_at, valid_until, price_kopecks, recall_asked_at, day, kind,
    branch_id
FROM deliveries
WHERE bucket IN heads($1) AND deadline_at <= $2
ORDER BY deadline_at
LIMIT $3
