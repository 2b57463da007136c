-- Views, shares and reactions in buckets of one shape, cut by time so that the old is dropped whole;
-- counts that fade, for boards that look at the present; reactions and who they are from.

-- Kinds of event, wherever `kind` stands: 0 view, 1 share, 2 reaction.

-- Per article and hour: received = counted + bot + prefetch + repeat. A bucket is named by its end.
-- Kept 40 days, then dropped by partition. No foreign key: what was ever viewed is never deleted, and
-- dropping a partition must not lock articles.
create table article_hours (
    ends_at timestamptz not null,
    article_id uuid not null,
    kind smallint not null,
    received integer not null default 0,
    -- Public. Of reactions: those that stand, filed under the hour in which they were made.
    counted integer not null default 0,
    -- Counted ones that count for boards: those of one network beyond the cap count by logarithm.
    ranked integer not null default 0,
    bot integer not null default 0,
    prefetch integer not null default 0,
    repeat integer not null default 0,
    primary key (ends_at, article_id, kind)
) partition by range (ends_at);
create index article_hours_article on article_hours (article_id, ends_at);
create table article_hours_default partition of article_hours default;

-- The same by day of the portal's zone, for ever: the sum of a closed day's hours, and figures that were
-- counted elsewhere (`imported`), which are no part of `received`.
create table article_days (
    ends_at timestamptz not null,
    article_id uuid not null,
    kind smallint not null,
    received integer not null default 0,
    counted integer not null default 0,
    ranked integer not null default 0,
    bot integer not null default 0,
    prefetch integer not null default 0,
    repeat integer not null default 0,
    imported bigint not null default 0,
    primary key (ends_at, article_id, kind)
);
create index article_days_article on article_days (article_id, ends_at);

-- Shares and reactions that rank, by five minutes: what boards with sliding windows read. Kept two days.
create table article_fives (
    ends_at timestamptz not null,
    article_id uuid not null,
    kind smallint not null,
    ranked integer not null default 0,
    primary key (ends_at, article_id, kind)
) partition by range (ends_at);
create table article_fives_default partition of article_fives default;

-- Views that rank, each fading by half in its half-life since it came (forward decay, Cormode et al.
-- 2009): the sums as they stood at `as_of`. `p…` feed `popular`, `t…` feed `trending`; views that came
-- from a board are no part of that board's sums. Rows are forgotten when they have faded away.
create table article_scores (
    article_id uuid primary key,
    as_of timestamptz not null,
    p30m double precision not null default 0,
    p1h double precision not null default 0,
    p2h double precision not null default 0,
    p6h double precision not null default 0,
    p12h double precision not null default 0,
    p24h double precision not null default 0,
    t2h double precision not null default 0,
    t24h double precision not null default 0,
    -- Distinct minutes with such views, fading with two hours, and the last one, counted from 1970.
    minutes double precision not null default 0,
    last_minute bigint not null default 0
) with (fillfactor = 60);

-- Events of one network on one article in one hour that may rank, by kind: what the cap reads. A ring of
-- hours like the ring of slots.
create table network_events (
    ring smallint not null,
    hour bigint not null,
    article_id uuid not null,
    network bigint not null,
    kind smallint not null,
    events integer not null,
    primary key (ring, hour, article_id, network, kind)
) partition by list (ring);
create table network_events_0 partition of network_events for values in (0);
create table network_events_1 partition of network_events for values in (1);
create table network_events_2 partition of network_events for values in (2);
create table network_events_3 partition of network_events for values in (3);

-- The reaction of each visitor to an article: the truth behind the counters.
create table reactions (
    article_id uuid not null references articles (id) on delete cascade,
    -- Who: drawn from a visitor token, or from the key of the day for those without one.
    actor bigint not null,
    kind text not null,
    reacted_at timestamptz not null,
    -- Whether it counts for boards.
    ranked boolean not null,
    primary key (article_id, actor)
);

alter table article_counters add column shares bigint not null default 0;
alter table article_counters add column reactions bigint not null default 0;

-- Standing reactions of each kind.
create table article_reactions (
    article_id uuid not null references articles (id) on delete cascade,
    kind text not null,
    reactions bigint not null,
    primary key (article_id, kind)
);

-- Secrets that outlive a day, by what they sign. Made on first use.
create table signing_keys (
    purpose text primary key,
    secret bytea not null
);

insert into article_hours (ends_at, article_id, kind, received, counted, ranked, bot, prefetch, repeat)
select ends_at, article_id, 0, received, views, ranked, bot, prefetch, repeat
from view_buckets where grain = 'hour';
insert into article_days (ends_at, article_id, kind, imported)
select ends_at, article_id, 0, imported from view_buckets where grain = 'day';

-- `view_buckets` and `network_views` are read and written by the version before alone, and go with the
-- next release.
