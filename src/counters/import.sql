-- Sets a day's figures and moves the totals by the difference, so that a second run changes nothing.
with given as (
    select * from unnest($1, $2) as given (article_id, views)
), before as (
    select article_id, b.imported
    from view_buckets b
    join given using (article_id)
    where b.ends_at = $3 and b.grain = 'day'
), written as (
    insert into view_buckets (ends_at, grain, article_id, imported)
    select $3, 'day', article_id, views from given
    on conflict (ends_at, grain, article_id) do update set imported = excluded.imported
        where view_buckets.imported <> excluded.imported
    returning article_id, imported
), counted as (
    insert into article_counters (article_id, views, updated_at)
    select article_id, w.imported - coalesce(b.imported, 0), $4
    from written w
    left join before b using (article_id)
    order by article_id
    on conflict (article_id) do update
        set views = article_counters.views + excluded.views, updated_at = excluded.updated_at
)
select count(*) as written from written
