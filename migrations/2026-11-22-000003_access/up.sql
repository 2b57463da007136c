-- Keys of integrators, and answers kept for replays.

create table api_keys (
    id uuid primary key,
    name text not null,
    -- The first characters of the key, to tell keys apart by eye.
    prefix text not null,
    -- SHA-256 of the key, which is 256 random bits and stored nowhere.
    secret_hash bytea not null unique,
    scopes text[] not null,
    publisher_id uuid references publishers (id),
    created_at timestamptz not null,
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz
);

create table idempotency_keys (
    principal text not null,
    route text not null,
    key text not null,
    -- SHA-256 of query and body.
    fingerprint bytea not null,
    status smallint not null,
    headers jsonb not null,
    body bytea not null,
    -- The answer held a secret: its body is not stored.
    secret boolean not null,
    created_at timestamptz not null,
    primary key (principal, route, key)
);

create index idempotency_keys_age on idempotency_keys (created_at);
