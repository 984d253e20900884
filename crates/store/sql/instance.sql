SELECT id, version, name, epoch, made_at, held_since, held_because, let_go_at
FROM instance
WHERE id = $1
