-- Readers and staff. An erased account keeps its row and its id, and nothing about the person.
create table accounts (
    id uuid primary key,
    email text unique,
    email_verified_at timestamptz,
    display_name text,
    -- The display name as look-alikes of it fold to.
    name_key text unique,
    -- argon2id; null for accounts of an external issuer.
    password_hash text,
    issuer text,
    subject text,
    roles text[] not null default '{}',
    failed_logins integer not null default 0,
    locked_until timestamptz,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    erased_at timestamptz,
    unique (issuer, subject),
    check (erased_at is null or (email is null and display_name is null and password_hash is null and subject is null))
);
create index accounts_staff on accounts (id) where roles <> '{}';

-- One log-in and what was refreshed from it: reuse of an old refresh token ends the row.
create table sessions (
    id uuid primary key,
    account_id uuid not null references accounts,
    access_hash bytea not null unique,
    access_expires_at timestamptz not null,
    refresh_hash bytea not null unique,
    refresh_expires_at timestamptz not null,
    created_at timestamptz not null,
    refreshed_at timestamptz not null,
    revoked_at timestamptz
);
create index sessions_account on sessions (account_id);
create index sessions_end on sessions (refresh_expires_at);

-- Refresh tokens that were used up.
create table spent_refresh_tokens (
    token_hash bytea primary key,
    session_id uuid not null references sessions on delete cascade,
    spent_at timestamptz not null
);
create index spent_refresh_tokens_session on spent_refresh_tokens (session_id);

-- Tokens sent by mail: to verify an address, to reset a password.
create table mailed_tokens (
    token_hash bytea primary key,
    account_id uuid not null references accounts,
    purpose text not null check (purpose in ('verify', 'reset')),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);
create index mailed_tokens_account on mailed_tokens (account_id);

-- What was decided about someone: suspended until a time, or banned. Kept as history.
create table sanctions (
    id uuid primary key,
    account_id uuid not null references accounts,
    kind text not null check (kind in ('suspend', 'ban')),
    reason_code text not null,
    note text,
    until timestamptz,
    created_at timestamptz not null,
    created_by text not null,
    lifted_at timestamptz,
    lifted_by text,
    check ((kind = 'suspend') = (until is not null))
);
create index sanctions_account on sanctions (account_id, created_at);
