SELECT bucket, organization_id, day, branch_id, kind, sender_id, state, count
FROM daily_totals
WHERE bucket = $1 AND organization_id = $2 AND day >= $3 AND day <= $4 AND count <> 0
ORDER BY day, branch_id, sender_id
