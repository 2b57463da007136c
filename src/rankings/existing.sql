-- For each list: its newest snapshot at a moment, and the one that movements are told against.
select latest.article_ids, latest.scores, latest.previous_ranks, latest.movements,
    coalesce(before.article_ids, '{}') as before
from unnest($1, $2, $3, $4, $5) with ordinality as list (board, scope, time_window, taken_at, step, n)
left join lateral (
    select s.article_ids, s.scores, s.previous_ranks, s.movements
    from ranking_snapshots s
    where s.board = list.board and s.scope = list.scope and s.time_window = list.time_window
        and s.taken_at <= list.taken_at
    order by s.taken_at desc, s.id desc
    limit 1
) latest on true
left join lateral (
    select s.article_ids
    from ranking_snapshots s
    where s.board = list.board and s.scope = list.scope and s.time_window = list.time_window
        and s.taken_at <= list.taken_at - list.step * interval '1 minute'
    order by s.taken_at desc, s.id desc
    limit 1
) before on true
order by list.n
