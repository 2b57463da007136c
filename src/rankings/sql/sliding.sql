-- Shares and reactions that rank in windows that end at $1, a full five minutes.
select article_id, kind,
    coalesce(sum(ranked) filter (where ends_at > $1 - interval '1 hour'), 0)::double precision as h1,
    sum(ranked)::double precision as h24
from article_fives
where ends_at > $1 - interval '24 hours' and ends_at <= $1
group by article_id, kind
having sum(ranked) > 0
