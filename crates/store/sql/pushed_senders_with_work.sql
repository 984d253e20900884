SELECT organization_id, id
FROM senders
WHERE bucket IN integers($1) AND pushed = 1
    AND (EXISTS (
        SELECT 1 FROM messages
        WHERE messages.bucket = senders.bucket
            AND messages.organization_id = senders.organization_id
            AND messages.sender_id = senders.id AND messages.in_lane = 1
    ) OR EXISTS (
        SELECT 1 FROM deliveries
        WHERE deliveries.bucket = senders.bucket
            AND deliveries.organization_id = senders.organization_id
            AND deliveries.sender_id = senders.id AND deliveries.state = 'processing'
    ))
ORDER BY organization_id, id
