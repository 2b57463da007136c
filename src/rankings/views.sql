-- What speaks for each article in a window: buckets that end after its start and not after its end.
select s.article_id, s.score, coalesce(a.published_at, a.created_at) as published_at, a.category_id
from (
    select article_id, sum(ranked + imported)::double precision as score
    from view_buckets
    where ends_at > $1 and ends_at <= $2 and (grain = 'hour' or $3)
    group by article_id
    having sum(ranked + imported) > 0
) s
join articles a on a.id = s.article_id and a.status = 'published'
