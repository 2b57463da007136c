insert into listings (list, at, article_id)
select lists.list, a.published_at, a.id
from articles a
cross join unnest($2::uuid[]) as gained (id)
cross join lateral (
    values (gained.id), (md5(gained.id::text || ':' || a.publisher_id::text)::uuid)
) as lists (list)
where a.category_id in (select category_id from category_ancestors where ancestor_id = $1)
  and a.status = 'published'
on conflict do nothing
