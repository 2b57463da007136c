-- Kinds of reaction in the order of the settings, then those that stand although the settings name them
-- no more. The settings come with the connection: see `db::pool`.
select a.id as article_id, coalesce(c.views, 0) as views, coalesce(c.shares, 0) as shares,
    coalesce(c.reactions, 0) as reactions, k.kinds, k.counts
from unnest($1) with ordinality as asked (id, n)
join articles a on a.id = asked.id and a.status = 'published'
left join article_counters c on c.article_id = a.id
cross join lateral (
    select coalesce(array_agg(kind order by place, kind), '{}') as kinds,
        coalesce(array_agg(coalesce(r.reactions, 0) order by place, kind), '{}') as counts
    from unnest(string_to_array(current_setting('sosik.reaction_kinds', true), ','))
        with ordinality as known (kind, place)
    full join (select kind, reactions from article_reactions where article_id = a.id) r using (kind)
) k
order by asked.n
