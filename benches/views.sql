-- A thousand articles, and tables of rounds for pgbench: each row holds the parameters of one round of
-- :events events, as the server would bind them.
create temporary table zipf as
select n, id, sum(1.0::float8 / n) over (order by n) as upto
from (select row_number() over (order by slug) as n, id from articles where written_by = 'bench') a;
create index on zipf (upto);
analyze zipf;
drop table if exists bench_events, bench_rounds;
drop sequence if exists bench_round;
create sequence bench_round;
create unlogged table bench_events as
select e.n / :events as round, z.id as article_id,
    ('x' || substr(md5('network' || floor(random() * 10000)), 1, 16))::bit(64)::bigint as network,
    ('x' || substr(md5('visitor' || random()), 1, 16))::bit(64)::bigint as visitor
from (select n, random() * (select max(upto) from zipf) as at from generate_series(0, :events * :rounds - 1) n) e
cross join lateral (select id from zipf where upto >= e.at order by upto limit 1) z;
create index on bench_events (round);
create unlogged table bench_rounds as
select r.round, s.*, w.*, a.*
from (select distinct round from bench_events) r
cross join lateral (
    select array_agg(article_id order by article_id, visitor) as s_articles,
        array_agg(visitor order by article_id, visitor) as s_visitors
    from bench_events where round = r.round
) s
cross join lateral (
    select array_agg(article_id order by article_id, network) as n_articles,
        array_agg(network order by article_id, network) as n_networks,
        array_agg(events order by article_id, network) as n_events
    from (select article_id, network, count(*)::integer as events
          from bench_events where round = r.round group by 1, 2) n
) w
cross join lateral (
    select array_agg(article_id order by article_id) as articles,
        array_agg(views::integer order by article_id) as gains, array_agg(views order by article_id) as totals,
        array_agg(1.0::float8) as sums
    from (select article_id, count(*) as views from bench_events where round = r.round group by 1) v
) a;
create unique index on bench_rounds (round);
alter table bench_rounds alter column round set not null;
drop table bench_events;
analyze bench_rounds;
