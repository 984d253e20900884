SELECT bucket, organization_id, id, sender_id, carrier_id, receipt, received_at
FROM parked_receipts
WHERE bucket = $1 AND organization_id = $2 AND sender_id = $3 AND carrier_id = $4
    AND received_at >= $5
ORDER BY id
LIMIT 100
