-- The newest kept snapshot at a moment, and which of its articles may still be shown.
select s.id, s.board, s.scope, s.time_window, s.taken_at, s.computed_at, s.article_ids, s.scores,
    s.previous_ranks, s.movements,
    array(
        select a.id from articles a where a.id = any(s.article_ids) and a.status = 'published'
    ) as visible
from ranking_snapshots s
where s.board = $1 and s.scope = $2 and s.time_window = $3 and s.taken_at <= $4
order by s.taken_at desc, s.id desc
limit 1
