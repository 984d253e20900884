SELECT token, organization_id, client_id, visit_id, created_at
FROM visit_links
WHERE token = $1
