-- The newest kept snapshot of a list at a moment.
from (
    select *
    from ranking_snapshots
    where board = $2 and scope = $3 and time_window = $4 and taken_at <= $5
    order by taken_at desc, id desc
    limit 1
) s
