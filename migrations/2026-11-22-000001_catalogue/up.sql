-- Who publishes, and under which headings.

create table publishers (
    id uuid primary key,
    slug text not null unique,
    name_ko text not null,
    name_en text not null,
    url text,
    -- Whether articles may be passed on when they do not say so themselves.
    syndicatable boolean not null default false,
    revision integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

create table categories (
    id uuid primary key,
    slug text not null unique,
    name_ko text not null,
    name_en text not null,
    parent_id uuid references categories (id),
    -- Order among siblings, then by slug.
    position integer not null default 0,
    revision integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

create index categories_parent on categories (parent_id);

-- Every category with each of its ancestors and itself (depth 0): kept by the writer of categories.
create table category_ancestors (
    category_id uuid not null references categories (id) on delete cascade,
    ancestor_id uuid not null references categories (id) on delete cascade,
    depth smallint not null,
    primary key (category_id, ancestor_id)
);

create index category_ancestors_ancestor on category_ancestors (ancestor_id);

create table authors (
    id uuid primary key,
    publisher_id uuid not null references publishers (id),
    name text not null,
    created_at timestamptz not null,
    unique (publisher_id, name)
);

create index authors_of_publisher on authors (publisher_id, id);

create table tags (
    id uuid primary key,
    slug text not null unique,
    name text not null,
    created_at timestamptz not null
);
