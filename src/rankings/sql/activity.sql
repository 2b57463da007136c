-- What ranks of each article and kind of event in windows of closed hours that end at $1, in one
-- reading: hours at the edges, days between them ($2 and $3 are the first midnights in the week and in
-- the month, $4 the last midnight whose day is summed up). Days counted elsewhere say nothing about an
-- hour. Where $5 says so, views of one network beyond $6 rank only up to what all others brought.
-- Not bigint, whose sums are numeric and slow; exact up to 2^53.
with hours as not materialized (
    select ends_at, article_id, kind,
        (ranked - case when $5 and kind = 0 then greatest(0, 2 * largest - ranked - $6) else 0 end)
            ::double precision as ranked
    from article_hours
    where ends_at > $1 - interval '720 hours' and ends_at <= $1
), days as not materialized (
    select ends_at, article_id, kind, imported::double precision as imported,
        (ranked - case when $5 then excess else 0 end)::double precision as ranked
    from article_days
    where ends_at > $1 - interval '720 hours' and ends_at <= $1
)
select article_id, kind, sum(h1) as h1, sum(h24) as h24, sum(d7) as d7, sum(d30) as d30
from (
    select article_id, kind,
        case when ends_at > $1 - interval '1 hour' then ranked else 0 end as h1,
        case when ends_at > $1 - interval '24 hours' then ranked else 0 end as h24,
        case when ends_at > $4 then ranked else 0 end as d7,
        case when ends_at > $4 then ranked else 0 end as d30
    from hours
    where ends_at > $1 - interval '25 hours'
    union all
    select article_id, kind, 0, 0, ranked, 0
    from hours
    where ends_at > $1 - interval '168 hours' and ends_at <= $2
    union all
    select article_id, kind, 0, 0, 0, ranked
    from hours
    where ends_at <= $3
    union all
    select article_id, kind, 0,
        case when ends_at > $1 - interval '24 hours' then imported else 0 end,
        case when ends_at > $2 and ends_at <= $4 then ranked else 0 end
            + case when ends_at > $1 - interval '168 hours' then imported else 0 end,
        case when ends_at > $3 and ends_at <= $4 then ranked else 0 end + imported
    from days
) parts
group by article_id, kind
having sum(d30) > 0
