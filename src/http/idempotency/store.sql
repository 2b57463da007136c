insert into idempotency_keys (principal, route, key, fingerprint, status, headers, body, secret, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, now())
on conflict (principal, route, key) do update
set fingerprint = excluded.fingerprint, status = excluded.status, headers = excluded.headers,
    body = excluded.body, secret = excluded.secret, created_at = excluded.created_at
