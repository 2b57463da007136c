-- Shares and reactions that rank, fading by half in each half-life of `popular` since the middle of
-- their bucket, as of $1. Recomputed and not kept: what is taken back must leave no trace.
select article_id, kind,
    sum(ranked * power(2, -age / 1800)) as h30m, sum(ranked * power(2, -age / 3600)) as h1,
    sum(ranked * power(2, -age / 7200)) as h2, sum(ranked * power(2, -age / 21600)) as h6,
    sum(ranked * power(2, -age / 43200)) as h12, sum(ranked * power(2, -age / 86400)) as h24
from (
    select article_id, kind, ranked::double precision,
        greatest(extract(epoch from $1 - ends_at)::double precision + 150, 0) as age
    from article_fives
    where ends_at > $1 - interval '44 hours' and ends_at <= $1 + interval '5 minutes'
    union all
    select article_id, kind, ranked, extract(epoch from $1 - ends_at)::double precision + 1800
    from article_hours
    where kind in (1, 2) and ends_at > $1 - interval '168 hours' and ends_at <= $1 - interval '44 hours'
) events
where ranked > 0
group by article_id, kind
