-- For each list: its newest snapshot at a moment, and the articles of the one that movements are told
-- against. Raw columns are null where nothing was folded.
select latest.taken_at, latest.article_ids, latest.scores, latest.previous_ranks, latest.movements,
    latest.peak_ranks, latest.entered_at, latest.sources,
    latest.raw_article_ids, latest.raw_previous_ranks, latest.raw_movements, latest.raw_peak_ranks,
    latest.raw_entered_at, before.taken_at as before_at, before.article_ids as before,
    before.raw_article_ids as raw_before
from unnest($1, $2, $3, $4, $5) with ordinality as list (board, scope, time_window, taken_at, step, n)
left join lateral (
    select s.*
    from ranking_snapshots s
    where s.board = list.board and s.scope = list.scope and s.time_window = list.time_window
        and s.taken_at <= list.taken_at
    order by s.taken_at desc, s.id desc
    limit 1
) latest on true
left join lateral (
    select s.taken_at, s.article_ids, s.raw_article_ids
    from ranking_snapshots s
    where s.board = list.board and s.scope = list.scope and s.time_window = list.time_window
        and s.taken_at <= list.taken_at - list.step * interval '1 minute'
    order by s.taken_at desc, s.id desc
    limit 1
) before on true
order by list.n
