insert into article_fives (ends_at, article_id, kind, ranked)
select * from unnest($1, $2, $3, $4)
on conflict (ends_at, article_id, kind) do update
    set ranked = article_fives.ranked + excluded.ranked
