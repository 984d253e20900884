SELECT sender_id, organization_id, version, link_token_hash, registration, device_token_hash,
    app_version, relinking_since, last_contact_at, battery_percent, charging, has_push_token,
    sim_count, webhook_key_confirmed, password_hash
FROM phone_links
WHERE device_token_hash = $1
