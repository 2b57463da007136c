-- Notes decisions, and that the rule has no say over these articles any more.
with decided as (
    insert into story_decisions (id, article_id, story_id, decided_by, decided_at, reason)
    select id, article_id, $3, $4, $5, $6
    from unnest($1, $2) as given (id, article_id)
    returning article_id
)
update story_sketches s set decided = true
from decided
where s.article_id = decided.article_id
