-- The kinds that the settings name come with the connection: see `db::pool`.
select a.id as article_id, coalesce(c.views, 0) as views, coalesce(c.comments, 0) as comments,
    coalesce(c.shares, 0) as shares,
    coalesce(c.reactions, 0) as reactions,
    coalesce(current_setting('sosik.reaction_kinds', true), '') as named,
    coalesce(r.kinds, '{}') as kinds, coalesce(r.counts, '{}') as counts
from unnest($1) with ordinality as asked (id, n)
join articles a on a.id = asked.id and a.status = 'published'
left join article_counters c on c.article_id = a.id
left join lateral (
    select array_agg(kind order by kind) as kinds, array_agg(reactions order by kind) as counts
    from article_reactions where article_id = c.article_id
) r on c.reactions > 0
order by asked.n
