-- Snapshots of a list on which an article stands, raw where $1 says so, newest first.
select id, taken_at, computed_at, array_position(article_ids, $5) as rank,
    previous_ranks[array_position(article_ids, $5)] as previous_rank,
    substr(movements, array_position(article_ids, $5), 1) as movement,
    scores[array_position(article_ids, $5)] as score
from (
    select s.id, s.taken_at, s.computed_at,
        case when $1 and s.raw_article_ids is not null then s.raw_article_ids else s.article_ids end as article_ids,
        case when $1 and s.raw_article_ids is not null then s.raw_scores else s.scores end as scores,
        case when $1 and s.raw_article_ids is not null then s.raw_previous_ranks else s.previous_ranks end as previous_ranks,
        case when $1 and s.raw_article_ids is not null then s.raw_movements else s.movements end as movements
    from ranking_snapshots s
    where s.board = $2 and s.scope = $3 and s.time_window = $4
        and case when $6 then (s.taken_at, s.id) > ($7, $8) else (s.taken_at, s.id) < ($7, $8) end
) list
where $5 = any(article_ids)
order by case when $6 then taken_at end, case when $6 then id end, taken_at desc, id desc
limit $9
