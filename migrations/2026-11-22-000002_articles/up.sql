-- Articles, narrow enough to list; what only the article's own page needs stands beside them.

create table articles (
    id uuid primary key,
    publisher_id uuid not null references publishers (id),
    -- The publisher's own id.
    external_id text,
    category_id uuid not null references categories (id),
    slug text not null,
    status text not null check (status in ('draft', 'scheduled', 'published', 'withdrawn')),
    headline text not null,
    deck text,
    summary text,
    language text not null,
    author_ids uuid[] not null default '{}',
    tag_ids uuid[] not null default '{}',
    lead_image jsonb,
    byline_contact text,
    source_url text,
    syndicatable boolean not null,
    revision integer not null default 1,
    -- SHA-256 of what a writer sent: equal means an upsert has nothing to do.
    content_hash bytea not null,
    -- Name of the key that wrote this revision.
    written_by text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    -- When it is to be published, while scheduled.
    publish_at timestamptz,
    -- When it first was published; set means it is not a never-published draft.
    published_at timestamptz,
    corrected_at timestamptz,
    withdrawn_at timestamptz,
    withdrawn_reason text,
    unique (publisher_id, external_id)
);

create index articles_category on articles (category_id);
create index articles_updated on articles (updated_at, id) where status = 'published';
create index articles_unpublished on articles (publisher_id, updated_at, id) where status <> 'published';
create index articles_due on articles (publish_at) where status = 'scheduled';

create table article_bodies (
    article_id uuid primary key references articles (id) on delete cascade,
    blocks jsonb not null
);

-- Every slug an article has or had: unique for ever, so that old addresses redirect.
create table article_slugs (
    slug text primary key,
    article_id uuid not null references articles (id) on delete cascade
);

create index article_slugs_article on article_slugs (article_id);

-- Each superseded revision as its writer sent it; the current one is the article itself.
create table article_revisions (
    article_id uuid not null references articles (id) on delete cascade,
    revision integer not null,
    content jsonb not null,
    written_by text not null,
    written_at timestamptz not null,
    primary key (article_id, revision)
);

create table article_corrections (
    id uuid primary key,
    article_id uuid not null references articles (id) on delete cascade,
    kind text not null check (kind in ('correction', 'clarification', 'update', 'retraction')),
    text text not null,
    published_at timestamptz not null
);

create index article_corrections_article on article_corrections (article_id, published_at, id);

-- Published articles under each list they belong to: all (the nil id), their publisher, authors and
-- tags, their category and its ancestors, and each of those crossed with the publisher (a derived
-- id). One list is one index range, however long it grows.
create table listings (
    list uuid not null,
    at timestamptz not null,
    article_id uuid not null references articles (id) on delete cascade,
    primary key (list, at, article_id)
);

create index listings_article on listings (article_id);
