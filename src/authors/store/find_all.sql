select a.id, a.publisher_id, a.name
from unnest($1::uuid[], $2::text[]) as wanted (publisher_id, name)
join authors a on a.publisher_id = wanted.publisher_id and a.name = wanted.name
