-- The counters that the hours and the reactions add up to.
with kinds as (
    insert into article_reactions (article_id, kind, reactions)
    select article_id, kind, count(*) from reactions group by article_id, kind
)
insert into article_counters (article_id, views, shares, reactions, updated_at)
select article_id, coalesce(sum(counted) filter (where kind = 0), 0),
    coalesce(sum(counted) filter (where kind = 1), 0),
    coalesce(sum(counted) filter (where kind = 2), 0), $1
from article_hours group by article_id
on conflict (article_id) do update set
    views = excluded.views, shares = excluded.shares, reactions = excluded.reactions,
    updated_at = excluded.updated_at
