insert into accounts (id, email, display_name, name_key, password_hash, issuer, subject, roles, created_at, changed_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
on conflict (issuer, subject) do nothing
