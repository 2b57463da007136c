-- What speaks for each article in each window, in one reading: buckets that end after the window's
-- start and not after its end. A day's figures say nothing about an hour.
select s.article_id, coalesce(a.published_at, a.created_at) as published_at, a.category_id,
    coalesce(s.h1, 0) as h1, coalesce(s.h24, 0) as h24, coalesce(s.d7, 0) as d7, s.d30
from (
    select article_id,
        sum(views) filter (where ends_at > $1 - interval '1 hour' and grain = 'hour') as h1,
        sum(views) filter (where ends_at > $1 - interval '24 hours') as h24,
        sum(views) filter (where ends_at > $1 - interval '168 hours') as d7,
        sum(views) as d30
    from (
        -- Not bigint, whose sums are numeric and slow; exact up to 2^53.
        select article_id, ends_at, grain, (ranked + imported)::double precision as views
        from view_buckets
        where ends_at > $1 - interval '720 hours' and ends_at <= $1
    ) b
    group by article_id
    having sum(views) > 0
) s
join articles a on a.id = s.article_id and a.status = 'published'
