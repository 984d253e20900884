SELECT bucket, organization_id, sender_id, version, day, day_parts, day_messages,
    last_release_at, window_open
FROM pace_states
WHERE bucket = $1 AND organization_id = $2 AND sender_id = $3
