insert into authors (id, publisher_id, name, created_at)
select new.id, new.publisher_id, new.name, $4
from unnest($1::uuid[], $2::uuid[], $3::text[]) with ordinality as new (id, publisher_id, name, n)
order by new.n
on conflict (publisher_id, name) do nothing
returning id, publisher_id, name
