insert into view_buckets (ends_at, grain, article_id, received, views, ranked, bot, prefetch, repeat)
select ends_at, 'hour', article_id, received, views, ranked, bot, prefetch, repeat
from unnest($1, $2, $3, $4, $5, $6, $7, $8)
    as gain (ends_at, article_id, received, views, ranked, bot, prefetch, repeat)
on conflict (ends_at, grain, article_id) do update set
    received = view_buckets.received + excluded.received,
    views = view_buckets.views + excluded.views,
    ranked = view_buckets.ranked + excluded.ranked,
    bot = view_buckets.bot + excluded.bot,
    prefetch = view_buckets.prefetch + excluded.prefetch,
    repeat = view_buckets.repeat + excluded.repeat
