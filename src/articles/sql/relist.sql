-- Puts published articles into every list they belong to.
insert into listings (list, at, article_id)
select lists.list, a.published_at, a.id
from unnest($1) as wanted (id)
join articles a on a.id = wanted.id
cross join lateral (
    select '00000000-0000-0000-0000-000000000000'::uuid as list
    union all select a.publisher_id
    union all
    select unnest(array[r.ancestor_id, md5(r.ancestor_id::text || ':' || a.publisher_id::text)::uuid])
    from category_ancestors r where r.category_id = a.category_id
    union all select unnest(a.author_ids)
    union all select unnest(a.tag_ids)
) lists
where a.status = 'published'
on conflict do nothing
