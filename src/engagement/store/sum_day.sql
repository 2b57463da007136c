insert into article_days (ends_at, article_id, kind, received, counted, ranked, bot, prefetch, repeat, excess)
select $2, article_id, kind, sum(received), sum(counted), sum(ranked), sum(bot), sum(prefetch), sum(repeat),
    sum(greatest(0, 2 * largest - ranked - $3))
from article_hours
where ends_at > $1 and ends_at <= $2
group by article_id, kind
order by article_id, kind
on conflict (ends_at, article_id, kind) do update set
    received = excluded.received,
    counted = excluded.counted,
    ranked = excluded.ranked,
    bot = excluded.bot,
    prefetch = excluded.prefetch,
    repeat = excluded.repeat,
    excess = excluded.excess
