SELECT phone
FROM stopped_numbers
WHERE bucket = $1 AND organization_id = $2 AND stopped = 1 AND phone IN (
    SELECT value
    FROM texts($5) AS given
    UNION ALL
    SELECT phone
    FROM clients
    WHERE bucket = $1 AND organization_id = $2 AND id IN integers($3) AND phone IS NOT NULL
    UNION ALL
    SELECT recipient_phone
    FROM appointments
    WHERE bucket = $1 AND organization_id = $2 AND client_id IN integers($3) AND starts_at >= $4
        AND recipient_phone IS NOT NULL
)
