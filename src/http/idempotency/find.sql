select fingerprint, status, headers, body, secret
from idempotency_keys
where principal = $1 and route = $2 and key = $3
  and created_at > now() - interval '24 hours'
