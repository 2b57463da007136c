-- Sets a day's figures and moves the totals by the difference, so that a second run changes nothing.
with given as (
    select * from unnest($1, $2) as given (article_id, views)
), before as (
    select article_id, d.imported
    from article_days d
    join given using (article_id)
    where d.ends_at = $3 and d.kind = 0
), written as (
    insert into article_days (ends_at, article_id, kind, imported)
    select $3, article_id, 0, views from given
    on conflict (ends_at, article_id, kind) do update set imported = excluded.imported
        where article_days.imported <> excluded.imported
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
