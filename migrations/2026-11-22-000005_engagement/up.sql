-- Counting views: once per visitor, article and half-hour slot, with a ledger that adds up.

-- The key of the day, from which visitors and networks are derived; gone after a day, and with it
-- every way back to a person.
create table day_secrets (
    day date primary key,
    secret bytea not null
);

-- Who was counted in a slot. A ring of four fixed partitions: the one two slots back is emptied,
-- so that forgetting costs a truncate and needs no table to be made at run time.
create table view_slots (
    ring smallint not null,
    slot bigint not null,
    article_id uuid not null,
    visitor bigint not null,
    primary key (ring, slot, article_id, visitor)
) partition by list (ring);
create table view_slots_0 partition of view_slots for values in (0);
create table view_slots_1 partition of view_slots for values in (1);
create table view_slots_2 partition of view_slots for values in (2);
create table view_slots_3 partition of view_slots for values in (3);

-- Counted views of one network on one article in one hour that may rank: what the cap reads. A ring
-- of hours like the one above.
create table network_views (
    ring smallint not null,
    hour bigint not null,
    article_id uuid not null,
    network bigint not null,
    views integer not null,
    primary key (ring, hour, article_id, network)
) partition by list (ring);
create table network_views_0 partition of network_views for values in (0);
create table network_views_1 partition of network_views for values in (1);
create table network_views_2 partition of network_views for values in (2);
create table network_views_3 partition of network_views for values in (3);

-- Rounds of events that were committed: a round whose commit is unclear is tried again under its id.
create table event_rounds (
    id uuid primary key,
    committed_at timestamptz not null
);

-- Per article and bucket: received = views + bot + prefetch + repeat. `grain` is 'hour' for what
-- came in here, 'day' for figures imported from elsewhere (`imported`), which were counted there and
-- are no part of `received`. A bucket is named by its end.
create table view_buckets (
    ends_at timestamptz not null,
    grain text not null check (grain in ('hour', 'day')),
    article_id uuid not null references articles (id) on delete cascade,
    received integer not null default 0,
    views integer not null default 0,
    -- Views that count for boards: those of one network beyond the cap count by logarithm.
    ranked integer not null default 0,
    bot integer not null default 0,
    prefetch integer not null default 0,
    repeat integer not null default 0,
    imported bigint not null default 0,
    primary key (ends_at, grain, article_id)
);

create index view_buckets_article on view_buckets (article_id, ends_at);

create table article_counters (
    article_id uuid primary key references articles (id) on delete cascade,
    views bigint not null default 0,
    updated_at timestamptz not null
);
