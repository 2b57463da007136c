-- The same as of a past moment, which sums no longer tell: from the hours before it, each in its middle,
-- and from the days that were counted elsewhere.
select article_id, $1 as as_of,
    sum(views * power(2, -age / 1800)) as p30m, sum(views * power(2, -age / 3600)) as p1h,
    sum(views * power(2, -age / 7200)) as p2h, sum(views * power(2, -age / 21600)) as p6h,
    sum(views * power(2, -age / 43200)) as p12h, sum(views * power(2, -age / 86400)) as p24h,
    sum(views * power(2, -age / 1800)) as t30m, sum(views * power(2, -age / 7200)) as t2h,
    sum(views * power(2, -age / 86400)) as t24h,
    60::double precision as minutes
from (
    select article_id, ranked::double precision as views,
        extract(epoch from $1 - ends_at)::double precision + 1800 as age
    from article_hours
    where kind = 0 and ranked > 0 and ends_at > $1 - interval '168 hours' and ends_at <= $1
    union all
    select article_id, imported, extract(epoch from $1 - ends_at)::double precision + 43200
    from article_days
    where kind = 0 and imported > 0 and ends_at > $1 - interval '168 hours' and ends_at <= $1
) events
group by article_id
