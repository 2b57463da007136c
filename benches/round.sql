-- A busy portal at a moment: 100,000 active articles of the last three days in 50 categories and of 80
-- publishers, a tenth of them copies; hours, days, five minutes and fading sums as readers would have
-- left them by now. For `benches/round.py`.
begin;
insert into publishers (id, slug, name_ko, name_en, created_at, updated_at)
select gen_random_uuid(), 'publisher-' || n, '언론 ' || n, 'Publisher ' || n, now(), now()
from generate_series(1, 80) n;
insert into categories (id, slug, name_ko, name_en, position, created_at, updated_at)
select gen_random_uuid(), 'top-' || n, '상위 ' || n, 'Top ' || n, n, now(), now() from generate_series(1, 10) n;
insert into categories (id, slug, name_ko, name_en, parent_id, position, created_at, updated_at)
select gen_random_uuid(), 'sub-' || n, '하위 ' || n, 'Sub ' || n,
       (select id from categories where slug = 'top-' || (n % 10 + 1)), n, now(), now()
from generate_series(1, 40) n;
insert into category_ancestors select id, id, 0 from categories;
insert into category_ancestors select id, parent_id, 1 from categories where parent_id is not null;
create temporary table places as
select row_number() over (order by slug) - 1 as n, id from categories where parent_id is not null;
create temporary table houses as select row_number() over (order by slug) - 1 as n, id from publishers;
insert into articles (id, publisher_id, external_id, category_id, slug, status, headline, language,
    syndicatable, content_hash, written_by, created_at, updated_at, published_at)
select gen_random_uuid(), h.id, 'bench-' || s.n, p.id, 'bench-' || s.n, 'published', '제목 ' || s.n, 'ko', false,
    '\x00', 'bench', at, at, at
from (
    select n, now() - n * interval '2.5 seconds' as at from generate_series(1, 100000) n
) s
join places p on p.n = s.n % 40
join houses h on h.n = s.n % 80;
insert into listings (list, at, article_id)
select l.list, a.published_at, a.id
from articles a
cross join lateral (
    select '00000000-0000-0000-0000-000000000000'::uuid as list
    union all select a.publisher_id
    union all
    select unnest(array[r.ancestor_id, md5(r.ancestor_id::text || ':' || a.publisher_id::text)::uuid])
    from category_ancestors r where r.category_id = a.category_id
) l
on conflict do nothing;
-- Every tenth tells the report of the one before it.
create temporary table pairs as
select gen_random_uuid() as story, a.id as leader, b.id as copy
from articles a
join articles b on b.external_id = 'bench-' || (substr(a.external_id, 7)::integer + 1)
where substr(a.external_id, 7)::integer % 20 = 0;
insert into stories (id, leader_id, representative_id, created_at, updated_at)
select story, leader, leader, now(), now() from pairs;
update articles set story_id = p.story from pairs p where articles.id in (p.leader, p.copy);
-- Readers: Zipf over articles, halving every six hours of an article's age; nothing below one view.
create temporary table drawn as
select id, published_at, 30000.0 / (1 + (('x' || substr(md5(external_id), 1, 6))::bit(24)::integer % 30000)) as views
from articles;
insert into article_hours (ends_at, article_id, kind, received, counted, ranked, networks, largest)
select ends_at, id, kind, n, n, n, greatest(1, n / 2), greatest(1, n / 20)
from drawn
cross join generate_series(0, 71) as hour (back)
cross join (values (0, 1.0), (1, 0.01), (2, 0.02)) as kind (kind, share)
cross join lateral (select date_trunc('hour', now()) - back * interval '1 hour' as ends_at) e
cross join lateral (
    select ceil(views * share * power(2, -extract(epoch from e.ends_at - published_at) / 21600))::integer as n
) v
where ends_at > published_at and (kind = 0 or views * share >= 1) and n > 0
    and (n > 1 or back < 6 or abs(hashtext(id::text || back)) % 8 = 0);
insert into article_days (ends_at, article_id, kind, received, counted, ranked)
select date_trunc('day', ends_at, 'Asia/Seoul') + interval '1 day', article_id, kind, sum(received), sum(counted), sum(ranked)
from article_hours
group by 1, 2, 3;
insert into article_fives (ends_at, article_id, kind, ranked)
select ends_at - (abs(hashtext(article_id::text)) % 12) * interval '5 minutes', article_id, kind, ranked
from article_hours
where kind > 0 and ends_at > now() - interval '44 hours';
insert into article_scores (article_id, as_of, p30m, p1h, p2h, p6h, p12h, p24h, t30m, t2h, t24h, minutes)
select id, now() - interval '1 minute', views / 20, views / 10, views / 5, views, views * 2, views * 3, views / 20,
    views / 5, views * 3, 20
from drawn;
insert into article_counters (article_id, views, updated_at)
select article_id, sum(counted), now() from article_hours where kind = 0 group by article_id;
commit;
vacuum (analyze);
