-- New categories at the root of the tree.
with made as (
    insert into categories (id, slug, name_ko, name_en, created_at, updated_at)
    select new.id, new.slug, new.name, new.name, $4, $4
    from unnest($1, $2, $3) as new (id, slug, name)
    on conflict (slug) do nothing
    returning id
)
insert into category_ancestors (category_id, ancestor_id, depth)
select id, id, 0 from made
