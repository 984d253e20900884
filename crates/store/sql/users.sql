SELECT id, version, organization_id, email, name, role, password_hash, created_at, disabled_at
FROM users
WHERE organization_id = $1
ORDER BY id
