insert into article_counters (article_id, views, shares, updated_at)
select article_id, views, shares, $4 from unnest($1, $2, $3) as gain (article_id, views, shares)
on conflict (article_id) do update set
    views = article_counters.views + excluded.views,
    shares = article_counters.shares + excluded.shares,
    updated_at = excluded.updated_at
