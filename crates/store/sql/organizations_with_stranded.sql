SELECT DISTINCT messages.organization_id
FROM messages
LEFT JOIN senders ON senders.bucket = messages.bucket
    AND senders.organization_id = messages.organization_id AND senders.id = messages.sender_id
WHERE messages.bucket IN integers($1) AND messages.in_lane = 1 AND messages.state = 'routed'
    AND (messages.sender_id IS NULL OR senders.archived_at IS NOT NULL)
