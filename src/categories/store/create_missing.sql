with made as (
    insert into categories (id, slug, name_ko, name_en, position, created_at, updated_at)
    select new.id, new.slug, new.name, new.name,
        least(
            1000000,
            new.n + coalesce((select max(top.position) from categories top where top.parent_id is null), -1)
        ),
        $4, $4
    from unnest($1::uuid[], $2::text[], $3::text[]) with ordinality as new (id, slug, name, n)
    on conflict (slug) do nothing
    returning id
)
insert into category_ancestors (category_id, ancestor_id, depth)
select made.id, made.id, 0 from made
