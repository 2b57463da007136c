-- Verdicts of jobs that ended long ago, a batch at a time.
delete from import_items
where (import_id, n) in (
    select i.import_id, i.n
    from imports j join import_items i on i.import_id = j.id
    where j.finished_at < $1
    limit 10000
)
