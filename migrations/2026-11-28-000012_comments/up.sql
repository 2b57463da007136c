-- Comments, votes, reports, and the policy that rules them.

-- Wilson's lower bound of the share of up-votes, 95 % (Wilson 1927; z = 1.96), in billionths. Without an
-- up-vote it is zero: then each down-vote lowers by one, so that none stands level with no vote.
create function comment_best(up integer, down integer) returns bigint
language sql immutable strict parallel safe as $$
    select case when up <= 0 then -greatest(down, 0)::bigint else floor(1e9::float8 * (
        (up::float8 / (up + down) + 1.9208::float8 / (up + down)
         - 1.96::float8 * sqrt(up::float8 * down / (up + down) / (up + down) / (up + down)
                               + 0.9604::float8 / (up + down) / (up + down)))
        / (1 + 3.8416::float8 / (up + down))))::bigint end
$$;

-- How divided the votes are: all of them, to the power of how even they are. Zero without both kinds.
create function comment_heat(up integer, down integer) returns bigint
language sql immutable strict parallel safe as $$
    select case when up <= 0 or down <= 0 then 0 else floor(1e3::float8
        * power((up + down)::float8, least(up, down)::float8 / greatest(up, down)))::bigint end
$$;

create table comments (
    -- The order of ids is the order of writing.
    id uuid primary key,
    article_id uuid not null references articles,
    parent_id uuid references comments,
    root_id uuid not null,
    -- From the root down to the parent; empty for a root.
    path uuid[] not null,
    -- Null for comments from elsewhere.
    account_id uuid references accounts,
    -- Who wrote it elsewhere.
    author_name text,
    -- What it is called elsewhere.
    external_id text,
    body text not null,
    status text not null check (status in
        ('visible', 'pending', 'held', 'removed_by_author', 'removed_by_moderator', 'removed_by_rule')),
    -- Whether it has a place in the thread. Once it has, it keeps it.
    listed boolean not null,
    -- Until then only its author sees it.
    due_at timestamptz,
    reason_code text,
    pinned boolean not null default false,
    up integer not null default 0,
    down integer not null default 0,
    -- Votes from elsewhere, which have no row.
    base_up integer not null default 0,
    base_down integer not null default 0,
    -- Direct replies that are listed.
    replies integer not null default 0,
    reports integer not null default 0,
    best bigint not null generated always as (comment_best(up, down)) stored,
    heat bigint not null generated always as (comment_heat(up, down)) stored,
    net bigint not null generated always as (up::bigint - down) stored,
    edited_at timestamptz,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    unique (article_id, external_id),
    check (status <> 'visible' or listed)
);
-- Roots of an article in each order, and replies of a comment.
create index comments_roots on comments (article_id, id) where listed and parent_id is null;
create index comments_roots_best on comments (article_id, best, id) where listed and parent_id is null;
create index comments_roots_net on comments (article_id, net, id) where listed and parent_id is null;
create index comments_roots_heat on comments (article_id, heat, id) where listed and parent_id is null;
create index comments_roots_replied on comments (article_id, replies, id) where listed and parent_id is null;
create index comments_replies on comments (parent_id, id) where listed and parent_id is not null;
create index comments_replies_best on comments (parent_id, best, id) where listed and parent_id is not null;
create index comments_pinned on comments (article_id, id) where pinned;
create index comments_account on comments (account_id, id) where account_id is not null;
create index comments_account_article on comments (account_id, article_id, created_at) where account_id is not null;
create index comments_due on comments (due_at) where due_at is not null;
create index comments_waiting on comments (id) where status in ('pending', 'held');
create index comments_reported on comments (id) where reports > 0;
create index comments_made on comments (created_at, article_id) where status = 'visible';

-- One row per article: how many of each, changed with each comment.
create table article_threads (
    article_id uuid primary key references articles,
    visible bigint not null default 0,
    roots bigint not null default 0,
    waiting bigint not null default 0,
    removed_by_author bigint not null default 0,
    removed_by_moderator bigint not null default 0,
    removed_by_rule bigint not null default 0
);

create table comment_votes (
    comment_id uuid not null references comments,
    account_id uuid not null references accounts,
    article_id uuid not null,
    value smallint not null check (value in (-1, 1)),
    voted_at timestamptz not null,
    primary key (comment_id, account_id)
);
create index comment_votes_account on comment_votes (account_id, article_id);

-- Votes and votes taken back, for quotas.
create table vote_acts (
    id bigint generated always as identity primary key,
    account_id uuid not null references accounts,
    at timestamptz not null
);
create index vote_acts_account on vote_acts (account_id, at);
create index vote_acts_age on vote_acts (at);

create table comment_reports (
    comment_id uuid not null references comments,
    account_id uuid not null references accounts,
    reason_code text not null,
    note text,
    reported_at timestamptz not null,
    -- When a moderator looked at it.
    settled_at timestamptz,
    primary key (comment_id, account_id)
);
create index comment_reports_account on comment_reports (account_id);

-- What a comment said before it was edited.
create table comment_edits (
    comment_id uuid not null references comments,
    edited_at timestamptz not null,
    body text not null,
    primary key (comment_id, edited_at)
);

-- What rules found in a comment.
create table comment_hits (
    comment_id uuid not null references comments,
    n smallint not null,
    rule_id uuid,
    name text not null,
    outcome text not null,
    reason_code text not null,
    first_char integer not null,
    end_char integer not null,
    primary key (comment_id, n)
);

-- What happened, in the order of transactions: feeds streams, and lets a cursor see a thread as it was.
create table comment_events (
    seq bigint generated always as identity primary key,
    -- The transaction. What one below the oldest running transaction did is whole.
    xid bigint not null default pg_current_xact_id()::text::bigint,
    article_id uuid not null,
    comment_id uuid not null,
    -- 1 listed, 2 changed, 3 voted, 4 replied to.
    kind smallint not null,
    up smallint not null default 0,
    down smallint not null default 0,
    replies smallint not null default 0,
    at timestamptz not null
);
create index comment_events_article on comment_events (article_id, xid);
create index comment_events_order on comment_events (xid, seq);
create index comment_events_age on comment_events (at);

-- What a publisher, a category or an article sets; null falls back to the one before.
create table comment_policies (
    scope text not null check (scope in ('publisher', 'category', 'article')),
    scope_id uuid not null,
    settings jsonb not null,
    updated_by text not null,
    updated_at timestamptz not null,
    primary key (scope, scope_id)
);

-- What was decided about comments and their authors, and by whom; never changed.
create table moderation_log (
    id uuid primary key,
    at timestamptz not null,
    by_id uuid,
    by_name text not null,
    action text not null,
    comment_id uuid references comments,
    article_id uuid,
    publisher_id uuid,
    account_id uuid,
    reason_code text,
    note text,
    details jsonb not null default '{}'
);
create index moderation_log_comment on moderation_log (comment_id, id) where comment_id is not null;
create index moderation_log_account on moderation_log (account_id, id) where account_id is not null;
create index moderation_log_article on moderation_log (article_id, id) where article_id is not null;

-- Removals by reason, per article.
create table comment_removals (
    article_id uuid not null references articles,
    reason_code text not null,
    removed bigint not null,
    primary key (article_id, reason_code)
);

create table comment_appeals (
    id uuid primary key,
    comment_id uuid not null references comments,
    account_id uuid not null references accounts,
    body text not null,
    status text not null check (status in ('open', 'granted', 'refused')),
    created_at timestamptz not null,
    decided_at timestamptz,
    unique (comment_id)
);
create index comment_appeals_open on comment_appeals (id) where status = 'open';

-- Which moderator looks at which comment.
create table moderation_claims (
    comment_id uuid primary key references comments,
    by_id uuid not null,
    by_name text not null,
    until timestamptz not null
);
create index moderation_claims_by on moderation_claims (by_id);

alter table article_counters add column comments bigint not null default 0;
