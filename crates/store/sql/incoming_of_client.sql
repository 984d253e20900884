SELECT bucket, organization_id, id, sender_id, from_text, phone, client_id, text, received_at,
    at, dedupe_key
FROM incoming_messages
WHERE bucket = $1 AND organization_id = $2 AND client_id = $3 AND id < $4
ORDER BY id DESC
LIMIT $5
