-- Rules that hold, flag or refuse what readers write.

create table moderation_rules (
    id uuid primary key,
    -- The group of words that Sosik brings along which this row switches; null for a written rule.
    builtin text unique,
    name text not null,
    kind text not null check (kind in ('words', 'pattern', 'builtin')),
    action text not null check (action in ('reject', 'hold', 'flag')),
    reason_code text not null,
    -- Words, or regular expressions.
    terms text[] not null,
    exceptions text[] not null,
    enabled boolean not null,
    -- Null for the whole site.
    publisher_id uuid references publishers,
    revision integer not null default 1,
    created_at timestamptz not null,
    created_by text not null,
    updated_at timestamptz not null,
    updated_by text not null,
    check ((kind = 'builtin') = (builtin is not null))
);
create index moderation_rules_publisher on moderation_rules (publisher_id) where publisher_id is not null;

-- Counts every change, so that servers notice one with a look at a single row.
create table moderation_rules_version (
    one boolean primary key default true check (one),
    version bigint not null
);
insert into moderation_rules_version (version) values (0);
