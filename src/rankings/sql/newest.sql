-- The newest of each list, and what story each tells.
select asked.list, l.article_id, l.at, coalesce(a.story_id, a.id) as story, a.category_id, a.publisher_id,
    s.representative_id is null or s.representative_id = a.id as leads
from unnest($1) as asked (list)
cross join lateral (
    select article_id, at
    from listings
    where list = asked.list and at <= $2
    order by at desc, article_id desc
    limit $3
) l
join articles a on a.id = l.article_id
left join stories s on s.id = a.story_id
order by asked.list, l.at desc, l.article_id desc
