select board, scope, article_id, position
from ranking_overrides
where starts_at <= $1 and coalesce(ends_at, 'infinity') > $1 and coalesce(lifted_at, 'infinity') > $1
    and created_at <= $2
order by id
