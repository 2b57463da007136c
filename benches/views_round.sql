-- One round, by the statements of src/engagement/store, its parameters read from a table.
select nextval('bench_round') - 1 as id \gset
begin;
insert into event_rounds (id, committed_at) values (gen_random_uuid(), now()) on conflict do nothing;
select a.id, a.status from bench_rounds, unnest(articles) as asked (id) join articles a using (id) where round = :id;
insert into view_slots (ring, slot, article_id, visitor)
select 3, 0, v.* from bench_rounds, unnest(s_articles, s_visitors) v where round = :id
on conflict do nothing returning slot, article_id, visitor;
with added as (
    insert into network_events (ring, hour, article_id, network, kind, events, fed, gained)
    select 3, 0, v.article_id, v.network, 0, v.events, v.events, v.events
    from bench_rounds, unnest(n_articles, n_networks, n_events) v (article_id, network, events) where round = :id
    on conflict (ring, hour, article_id, network, kind) do update
        set events = network_events.events + excluded.events,
            fed = network_events.fed + excluded.fed, gained = excluded.events
    returning hour, article_id, network, kind, events, fed, ranked, gained
)
select hour, article_id, network, kind, events, fed, ranked, 0 as fresh from added where events > 20
union all
select hour, article_id, 0, kind, 0, 0, 0, count(*)::integer from added where events = gained
group by hour, article_id, kind;
insert into article_hours
    (ends_at, article_id, kind, received, counted, ranked, bot, prefetch, repeat, networks, largest)
select date_trunc('hour', now()), v.article_id, 0, v.gain, v.gain, v.gain, 0, 0, 0, v.gain, 0
from bench_rounds, unnest(articles, gains) v (article_id, gain) where round = :id
on conflict (ends_at, article_id, kind) do update set
    received = article_hours.received + excluded.received,
    counted = article_hours.counted + excluded.counted,
    ranked = article_hours.ranked + excluded.ranked,
    bot = article_hours.bot + excluded.bot,
    prefetch = article_hours.prefetch + excluded.prefetch,
    repeat = article_hours.repeat + excluded.repeat,
    networks = article_hours.networks + excluded.networks,
    largest = greatest(article_hours.largest, excluded.largest);
insert into article_counters (article_id, views, shares, updated_at)
select v.article_id, v.views, 0, now() from bench_rounds, unnest(articles, totals) v (article_id, views) where round = :id
on conflict (article_id) do update set
    views = article_counters.views + excluded.views,
    shares = article_counters.shares + excluded.shares,
    updated_at = excluded.updated_at;
select s.article_id, as_of, p30m, p1h, p2h, p6h, p12h, p24h, t30m, t2h, t24h, minutes, last_minute
from bench_rounds, unnest(articles) as asked (article_id) join article_scores s using (article_id) where round = :id;
insert into article_scores
    (article_id, as_of, p30m, p1h, p2h, p6h, p12h, p24h, t30m, t2h, t24h, minutes, last_minute)
select v.article_id, now(), v.p, v.p, v.p, v.p, v.p, v.p, v.p, v.p, v.p, v.p, 0
from bench_rounds, unnest(articles, sums) v (article_id, p) where round = :id
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
    last_minute = excluded.last_minute;
commit;
