insert into article_scores
    (article_id, as_of, p30m, p1h, p2h, p6h, p12h, p24h, t30m, t2h, t24h, minutes, last_minute)
select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
on conflict (article_id) do update set
    as_of = excluded.as_of,
    p30m = excluded.p30m,
    p1h = excluded.p1h,
    p2h = excluded.p2h,
    p6h = excluded.p6h,
    p12h = excluded.p12h,
    p24h = excluded.p24h,
    t30m = excluded.t30m,
    t2h = excluded.t2h,
    t24h = excluded.t24h,
    minutes = excluded.minutes,
    last_minute = excluded.last_minute
