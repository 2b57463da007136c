-- Which of the articles that are new to a list stood on it before the snapshot they are new against.
select asked.n, asked.article_id
from unnest($1, $2, $3, $4, $5, $6, $7)
    as asked (n, board, scope, time_window, since, until, article_id)
where exists (
    select 1
    from ranking_snapshots s
    where s.board = asked.board and s.scope = asked.scope and s.time_window = asked.time_window
        and s.taken_at > asked.since and s.taken_at <= asked.until
        and asked.article_id = any(coalesce(s.raw_article_ids, s.article_ids))
)
