-- Which modules stand on which page, where an admin changed it; a page without a row has its default.
create table page_layouts (
    page text primary key,
    modules jsonb not null,
    revision integer not null,
    updated_by text not null,
    updated_at timestamptz not null
);
