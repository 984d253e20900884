SELECT token, organization_id, client_id, visit_id, created_at
FROM visit_links
WHERE organization_id = $1 AND visit_id IN integers($2)
