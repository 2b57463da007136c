insert into publishers (id, slug, name_ko, name_en, created_at, updated_at)
select new.id, new.slug, new.name, new.name, $4, $4
from unnest($1::uuid[], $2::text[], $3::text[]) as new (id, slug, name)
on conflict (slug) do nothing
