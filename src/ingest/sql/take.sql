-- The oldest job that waits, or whose worker has been silent since $2.
update imports
set status = 'running', started_at = coalesce(started_at, $1), heartbeat_at = $1,
    attempts = attempts + 1
where id = (
    select id from imports
    where status in ('queued', 'running') and (status = 'queued' or heartbeat_at < $2)
    order by created_at, id
    limit 1
    for update skip locked
)
returning id
