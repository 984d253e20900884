SELECT bucket, organization_id, id, version, branch_id, kind, location_id, location_title,
    poll_cursor, next_poll_at, failures, last_contact_at, fault, created_at, unlinked_at
FROM journal_links
WHERE bucket IN integers($1) AND next_poll_at <= $2
ORDER BY next_poll_at, id
LIMIT $3
