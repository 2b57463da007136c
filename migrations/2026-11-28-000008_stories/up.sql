-- Near-duplicates: articles that tell one report belong to one story.

create table stories (
    id uuid primary key,
    -- The earliest published: newcomers are compared with it alone, so that stories do not chain.
    leader_id uuid not null references articles (id) on delete cascade,
    -- The one that is shown for all: the leader, or its publisher's newest update.
    representative_id uuid not null references articles (id) on delete cascade,
    revision integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

-- Null: an article that stands alone.
alter table articles add column story_id uuid references stories (id) on delete set null;
create index articles_story on articles (story_id) where story_id is not null;

-- What newcomers are compared by: keys that near-duplicates share, and the grams behind them. Forgotten
-- when no publication can reach them any more.
create table story_sketches (
    article_id uuid primary key references articles (id) on delete cascade,
    publisher_id uuid not null,
    published_at timestamptz not null,
    stored_at timestamptz not null,
    keys bigint[] not null,
    title integer[] not null,
    lede integer[] not null,
    body integer[] not null,
    numbers integer[] not null
);
create index story_sketches_keys on story_sketches using gin (keys);
create index story_sketches_stored on story_sketches (stored_at);

-- What editors decided: it holds whatever the rule says.
create table story_decisions (
    id uuid primary key,
    article_id uuid not null references articles (id) on delete cascade,
    -- The story it was put into; null: it stands alone.
    story_id uuid,
    decided_by text not null,
    decided_at timestamptz not null,
    reason text
);
create index story_decisions_article on story_decisions (article_id, decided_at);
