SELECT bucket, organization_id, phone, version
FROM client_numbers
WHERE bucket = $1 AND organization_id = $2 AND phone IN texts($3)
ORDER BY phone
