SELECT phone
FROM stopped_numbers
WHERE bucket = $1 AND organization_id = $2 AND stopped = 1 AND phone IN (
    SELECT CAST($5 AS TEXT)
    UNION ALL
    SELECT phone
    FROM clients
    WHERE bucket = $1 AND organization_id = $2 AND id = $3 AND phone IS NOT NULL
    UNION ALL
    SELECT recipient_phone
    FROM appointments
    WHERE bucket = $1 AND organization_id = $2 AND client_id = $3 AND starts_at >= $4
        AND recipient_phone IS NOT NULL
)
