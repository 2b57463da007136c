delete from api_keys where publisher_id = $1 and revoked_at is not null
