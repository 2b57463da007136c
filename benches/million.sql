-- A million short articles: 40 categories in two levels, 80 publishers, one a minute.
begin;
insert into publishers (id, slug, name_ko, name_en, created_at, updated_at)
select gen_random_uuid(), 'publisher-' || n, '언론 ' || n, 'Publisher ' || n, now(), now()
from generate_series(1, 80) n;
insert into categories (id, slug, name_ko, name_en, position, created_at, updated_at)
select gen_random_uuid(), 'top-' || n, '상위 ' || n, 'Top ' || n, n, now(), now() from generate_series(1, 8) n;
insert into categories (id, slug, name_ko, name_en, parent_id, position, created_at, updated_at)
select gen_random_uuid(), 'sub-' || n, '하위 ' || n, 'Sub ' || n,
       (select id from categories where slug = 'top-' || (n % 8 + 1)), n, now(), now()
from generate_series(1, 32) n;
insert into category_ancestors select id, id, 0 from categories;
insert into category_ancestors select id, parent_id, 1 from categories where parent_id is not null;
create temporary table places as
select row_number() over (order by slug) - 1 as n, id from categories where parent_id is not null;
create temporary table houses as select row_number() over (order by slug) - 1 as n, id from publishers;
insert into articles (id, publisher_id, external_id, category_id, slug, status, headline, language,
    syndicatable, content_hash, written_by, created_at, updated_at, published_at, lead_image)
select gen_random_uuid(), h.id, 'bench-' || s.n, p.id, 'bench-' || s.n, 'published',
    '제목 ' || s.n, case when s.n % 10 = 0 then 'en' else 'ko' end, false, '\x00', 'bench', at, at, at,
    case when s.n % 3 = 0 then '{"url": "https://images.example/x.jpg", "alt": "x"}'::jsonb end
from (select n, timestamptz '2024-01-01' + n * interval '1 minute' as at from generate_series(1, 1000000) n) s
join places p on p.n = s.n % 32
join houses h on h.n = s.n % 79;
insert into article_bodies select id, '[{"type": "paragraph", "text": "본문"}]' from articles where written_by = 'bench';
insert into article_slugs select slug, id from articles where written_by = 'bench';
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
where a.written_by = 'bench'
on conflict do nothing;
commit;
vacuum (analyze);
