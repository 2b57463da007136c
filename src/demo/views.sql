-- Hours of views that never happened, ledger and counters included.
with hours as (
    insert into view_buckets (ends_at, grain, article_id, received, views, ranked, bot, prefetch, repeat)
    select ends_at, 'hour', article_id, views + bot + prefetch + repeat, views, views, bot, prefetch, repeat
    from unnest($1, $2, $3, $4, $5, $6) as h (ends_at, article_id, views, bot, prefetch, repeat)
    returning article_id, views
)
insert into article_counters (article_id, views, updated_at)
select article_id, sum(views), $7 from hours group by article_id
on conflict (article_id) do update set views = excluded.views, updated_at = excluded.updated_at
