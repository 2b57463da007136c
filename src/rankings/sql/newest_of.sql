-- The newest snapshot of each list. Where `latest` has none yet, it is read off the listing, as its
-- first snapshot would be.
from unnest($2, $3, $4) with ordinality as asked (board, scope, time_window, n)
cross join lateral (
    select coalesce(r.id, '00000000-0000-0000-0000-000000000000') as id,
        asked.board, asked.scope, asked.time_window,
        coalesce(r.taken_at, $5) as taken_at, coalesce(r.computed_at, $5) as computed_at,
        coalesce(r.article_ids, l.article_ids, '{}') as article_ids,
        coalesce(r.scores, l.scores, '{}') as scores,
        coalesce(r.previous_ranks, l.zeros, '{}') as previous_ranks,
        coalesce(r.movements, l.movements, '') as movements,
        r.peak_ranks, r.entered_at, coalesce(r.signals, l.scores) as signals, r.sources,
        r.raw_article_ids, r.raw_scores, r.raw_previous_ranks, r.raw_movements, r.raw_peak_ranks,
        r.raw_entered_at, r.raw_signals
    from (select 1) one
    left join lateral (
        select *
        from ranking_snapshots k
        where k.board = asked.board and k.scope = asked.scope and k.time_window = asked.time_window
            and k.taken_at <= $5
        order by k.taken_at desc, k.id desc
        limit 1
    ) r on true
    left join lateral (
        select array_agg(n.article_id order by n.at desc, n.article_id desc) as article_ids,
            array_agg(floor(extract(epoch from n.at))::double precision order by n.at desc, n.article_id desc) as scores,
            array_agg(0::smallint) as zeros,
            repeat('n', count(*)::integer) as movements
        from (
            select article_id, at
            from listings
            where list = asked.scope and at <= $5
            order by at desc, article_id desc
            limit 100
        ) n
    ) l on r.id is null and asked.board = 'latest'
) s
