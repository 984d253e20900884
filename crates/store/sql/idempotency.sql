SELECT bucket, organization_id, idempotency_key, request_hash, result, created_at
FROM idempotency_keys
WHERE bucket = $1 AND organization_id = $2 AND idempotency_key = $3
