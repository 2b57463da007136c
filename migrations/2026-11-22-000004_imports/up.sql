-- Import jobs: what came in, how far they are, and a verdict for each item.

create table imports (
    id uuid primary key,
    -- 'receiving' while the upload arrives: nobody sees it, and what is left of it is swept away.
    status text not null check (status in ('receiving', 'queued', 'running', 'done', 'failed')),
    format text check (format in ('rss', 'atom', 'json_feed', 'ndjson')),
    source_url text,
    content_type text,
    dry_run boolean not null,
    -- The publisher and category of items that name none.
    publisher_slug text,
    category_slug text,
    -- Null for the operator and for unbound keys.
    bound_publisher_id uuid references publishers (id),
    may_create boolean not null,
    -- The key that asked, and its name.
    principal_id uuid not null,
    requested_by text not null,
    -- Items with a verdict; a job that died goes on after them.
    processed integer not null default 0,
    total integer,
    created integer not null default 0,
    updated integer not null default 0,
    unchanged integer not null default 0,
    invalid integer not null default 0,
    fault_code text,
    -- The sentence in both languages.
    fault_detail jsonb,
    created_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz,
    -- A running job whose worker has not touched it for a while is taken over.
    heartbeat_at timestamptz,
    -- How often it was taken without getting any further.
    attempts smallint not null default 0
);

create index imports_open on imports (created_at, id) where status in ('queued', 'running');
create index imports_principal on imports (principal_id, id);
create index imports_finished on imports (finished_at) where finished_at is not null;

create table import_chunks (
    import_id uuid not null references imports (id) on delete cascade,
    n integer not null,
    data bytea not null,
    primary key (import_id, n)
);

create table import_items (
    import_id uuid not null references imports (id) on delete cascade,
    -- The line of the file, or the place in the feed; from 1.
    n integer not null,
    verdict text not null,
    article_id uuid,
    external_id text,
    errors jsonb not null default '[]',
    primary key (import_id, n)
);

create index import_items_verdict on import_items (import_id, verdict, n);
