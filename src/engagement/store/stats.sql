-- The buckets of an article that end after $2 and not after $3: days, and the hours that are part of
-- none yet; or hours alone.
with rolled as (
    select coalesce(
        (select ends_at from article_days where $4 and received > 0 order by ends_at desc limit 1),
        '0001-01-01'
    ) as to_at
)
select ends_at, kind, received::bigint, counted::bigint, ranked::bigint, bot::bigint,
    prefetch::bigint, repeat::bigint, imported
from article_days
where $4 and article_id = $1 and ends_at > $2 and ends_at <= $3
union all
select ends_at, kind, received, counted, ranked, bot, prefetch, repeat, 0
from article_hours, rolled
where article_id = $1 and ends_at > greatest($2, rolled.to_at) and ends_at <= $3
