-- Readers and staff. An erased account keeps its row and its id, and nothing about the person.
create table accounts (
    id uuid primary key,
    -- Lower case; null for accounts of an external issuer.
    email text unique,
    display_name text,
    -- The display name as look-alikes of it fold to.
    name_key text unique,
    -- argon2id; null for accounts of an external issuer.
    password_hash text,
    issuer text,
    subject text,
    roles text[] not null default '{}',
    created_at timestamptz not null,
    changed_at timestamptz not null,
    erased_at timestamptz,
    unique (issuer, subject),
    check ((erased_at is null) = (display_name is not null)),
    check ((display_name is null) = (name_key is null)),
    check ((issuer is null) = (subject is null)),
    check (erased_at is null or (email is null and password_hash is null and subject is null and roles = '{}'))
);
create index accounts_staff on accounts (id) where roles <> '{}';

-- Who came from an external issuer and was erased: a token from before does not bring them back.
create table erased_subjects (
    subject_hash bytea primary key,
    erased_at timestamptz not null
);

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
create index spent_refresh_tokens_end on spent_refresh_tokens (spent_at);

-- Who wants an account and has not shown yet that the address is theirs.
create table registrations (
    token_hash bytea primary key,
    email text not null,
    display_name text not null,
    name_key text not null,
    password_hash text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index registrations_email on registrations (email);
create index registrations_end on registrations (expires_at);

-- Tokens that set a new password, sent by mail or printed for the operator.
create table reset_tokens (
    token_hash bytea primary key,
    account_id uuid not null references accounts,
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index reset_tokens_account on reset_tokens (account_id);
create index reset_tokens_end on reset_tokens (expires_at);

-- Log-ins that failed, by what was tried, whether or not there is such an account: a keyed hash of the
-- address of mail, and one of it with the caller's network.
create table failed_logins (
    key_hash bytea primary key,
    failures integer not null,
    blocked_until timestamptz not null,
    last_at timestamptz not null
);
create index failed_logins_end on failed_logins (last_at);

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
    check ((kind = 'suspend') = (until is not null)),
    check ((lifted_at is null) = (lifted_by is null))
);
create index sanctions_account on sanctions (account_id, created_at);
