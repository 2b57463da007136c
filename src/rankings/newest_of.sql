-- The newest snapshot of each list. Where `latest` has none yet, it is read off the listing, as its
-- first snapshot would be.
select coalesce(s.id, '00000000-0000-0000-0000-000000000000') as id,
    asked.board, asked.scope, asked.time_window,
    coalesce(s.taken_at, $4) as taken_at, coalesce(s.computed_at, $4) as computed_at,
    coalesce(s.article_ids, l.article_ids, '{}') as article_ids,
    coalesce(s.scores, l.scores, '{}') as scores,
    coalesce(s.previous_ranks, l.previous_ranks, '{}') as previous_ranks,
    coalesce(s.movements, l.movements, '') as movements,
    array(
        select a.id
        from articles a
        where a.id = any(coalesce(s.article_ids, l.article_ids)) and a.status = 'published'
    ) as visible
from unnest($1, $2, $3) with ordinality as asked (board, scope, time_window, n)
left join lateral (
    select r.id, r.taken_at, r.computed_at, r.article_ids, r.scores, r.previous_ranks, r.movements
    from ranking_snapshots r
    where r.board = asked.board and r.scope = asked.scope and r.time_window = asked.time_window
        and r.taken_at <= $4
    order by r.taken_at desc, r.id desc
    limit 1
) s on true
left join lateral (
    select array_agg(n.article_id order by n.at desc, n.article_id desc) as article_ids,
        array_agg(floor(extract(epoch from n.at))::double precision order by n.at desc, n.article_id desc) as scores,
        array_agg(0::smallint) as previous_ranks,
        repeat('n', count(*)::integer) as movements
    from (
        select article_id, at
        from listings
        where list = asked.scope and at <= $4
        order by at desc, article_id desc
        limit 100
    ) n
) l on s.id is null and asked.board = 'latest'
order by asked.n
