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

create index stories_leader on stories (leader_id);

-- Stories that went into another, so that their addresses lead on.
create table merged_stories (
    id uuid primary key,
    story_id uuid not null references stories (id) on delete cascade
);

create index merged_stories_story on merged_stories (story_id);

-- Null: an article that stands alone.
alter table articles add column story_id uuid references stories (id) on delete set null;
create index articles_story on articles (story_id) where story_id is not null;

-- What newcomers are compared by. Forgotten when no publication can reach it any more.
create table story_sketches (
    -- No reference: only drafts that never were published are deleted, and those have no sketch.
    article_id uuid primary key,
    publisher_id uuid not null,
    published_at timestamptz not null,
    stored_at timestamptz not null,
    -- An editor placed the article: the rule leaves it where it is.
    decided boolean not null,
    -- Who leads its story, as stories says; null: it stands alone.
    leader_id uuid,
    -- The stretch of time the article lies in, and its keys: what stands in story_keys.
    stretch integer not null,
    keys integer[] not null,
    sketch bytea not null
);

-- Hashes do not compress.
alter table story_sketches alter column sketch set storage external;
create index story_sketches_stored on story_sketches (stored_at);

-- Where candidates are found: near-duplicates are likely to share a key, others are not. Rows of an
-- index and not an array under GIN, which costs four times as much to write.
create table story_keys (
    stretch integer not null,
    key integer not null,
    article_id uuid not null,
    primary key (stretch, key, article_id)
);

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

create index story_decisions_article on story_decisions (article_id, decided_at, id);
create index story_decisions_story on story_decisions (story_id) where story_id is not null;

-- Items of imports that joined a story they do not lead.
alter table imports add column duplicates integer not null default 0;
alter table import_items add column duplicate_of uuid;
