-- Who commented in windows that end at $1, a full five minutes: distinct writers, and comments. Read off
-- the comments that are shown now, so that what is removed leaves no trace.
select article_id,
    count(distinct who) filter (where created_at > $1 - interval '1 hour')::double precision as writers_h1,
    count(*) filter (where created_at > $1 - interval '1 hour')::double precision as h1,
    count(distinct who)::double precision as writers_h24, count(*)::double precision as h24
from (
    select article_id, coalesce(account_id, id) as who, created_at from comments
    where status = 'visible' and created_at > $1 - interval '24 hours' and created_at <= $1
) c
group by article_id
