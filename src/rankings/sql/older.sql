select id, taken_at, computed_at, cardinality(article_ids) as entry_count
from ranking_snapshots
where board = $1 and scope = $2 and time_window = $3 and (taken_at, id) < ($4, $5)
order by taken_at desc, id desc
limit $6
