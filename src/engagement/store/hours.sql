insert into article_hours
    (ends_at, article_id, kind, received, counted, ranked, bot, prefetch, repeat, networks, largest)
select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
on conflict (ends_at, article_id, kind) do update set
    received = article_hours.received + excluded.received,
    counted = article_hours.counted + excluded.counted,
    ranked = article_hours.ranked + excluded.ranked,
    bot = article_hours.bot + excluded.bot,
    prefetch = article_hours.prefetch + excluded.prefetch,
    repeat = article_hours.repeat + excluded.repeat,
    networks = article_hours.networks + excluded.networks,
    largest = greatest(article_hours.largest, excluded.largest)
