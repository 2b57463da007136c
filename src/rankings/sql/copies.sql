-- Other published articles of the stories that articles tell, the earliest first, ten at most of each.
select asked.id as of, m.id, m.slug, m.name_ko, m.name_en
from unnest($1) as asked (id)
join articles a on a.id = asked.id and a.story_id is not null
cross join lateral (
    select o.id, o.published_at, p.slug, p.name_ko, p.name_en
    from articles o
    join publishers p on p.id = o.publisher_id
    where o.story_id = a.story_id and o.id <> a.id and o.status = 'published'
    order by o.published_at, o.id
    limit 10
) m
order by asked.id, m.published_at, m.id
