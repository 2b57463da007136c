insert into tags (id, slug, name, created_at)
select new.id, new.slug, new.name, $4
from unnest($1::uuid[], $2::text[], $3::text[]) with ordinality as new (id, slug, name, n)
order by new.n
on conflict (slug) do nothing
returning id, slug
