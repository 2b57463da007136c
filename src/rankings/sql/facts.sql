-- Where each published article is filed, and which story it tells. Also of a moment before it was published
-- here: figures that were counted elsewhere may be older.
select a.id, coalesce(a.story_id, a.id) as story, a.category_id, a.publisher_id,
    coalesce(a.published_at, a.created_at) as published_at,
    s.representative_id is null or s.representative_id = a.id as leads
from unnest($1) as asked (id)
join articles a on a.id = asked.id
left join stories s on s.id = a.story_id
where a.status = 'published'
