insert into article_counters (article_id, views, updated_at)
select article_id, views, $3 from unnest($1, $2) as gain (article_id, views)
on conflict (article_id) do update
    set views = article_counters.views + excluded.views, updated_at = excluded.updated_at
