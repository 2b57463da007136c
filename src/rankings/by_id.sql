select s.id, s.board, s.scope, s.time_window, s.taken_at, s.computed_at, s.article_ids, s.scores,
    s.previous_ranks, s.movements,
    array(
        select a.id from articles a where a.id = any(s.article_ids) and a.status = 'published'
    ) as visible
from ranking_snapshots s
where s.id = $1
