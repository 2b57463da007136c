-- Who commented in windows of days that end at $1, a full hour: distinct writers, and comments.
select article_id,
    count(distinct who) filter (where created_at > $1 - interval '168 hours')::double precision as writers_h1,
    count(*) filter (where created_at > $1 - interval '168 hours')::double precision as h1,
    count(distinct who)::double precision as writers_h24, count(*)::double precision as h24
from (
    select article_id, coalesce(account_id, id) as who, created_at from comments
    where status = 'visible' and created_at > $1 - interval '720 hours' and created_at <= $1
) c
group by article_id
