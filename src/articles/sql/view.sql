-- One article whole. $2: published and withdrawn ones only, or any.
select
    a.id, a.slug, a.headline, a.deck, a.summary, a.lead_image, a.published_at, a.updated_at,
    a.corrected_at, a.story_id, a.language,
    c.slug as category_slug, c.name_ko as category_ko, c.name_en as category_en,
    p.slug as publisher_slug, p.name_ko as publisher_ko, p.name_en as publisher_en,
    coalesce((
        select jsonb_agg(jsonb_build_object('id', w.id, 'name', w.name) order by t.n)
        from unnest(a.author_ids) with ordinality as t (id, n)
        join authors w on w.id = t.id
    ), '[]'::jsonb) as authors,
    coalesce((
        select jsonb_agg(jsonb_build_object('slug', g.slug, 'name', g.name) order by t.n)
        from unnest(a.tag_ids) with ordinality as t (id, n)
        join tags g on g.id = t.id
    ), '[]'::jsonb) as tags,
    coalesce((
        select jsonb_agg(jsonb_build_object(
            'id', k.id, 'kind', k.kind, 'text', k.text, 'published_at', k.published_at
        ) order by k.published_at, k.id)
        from article_corrections k
        where k.article_id = a.id
    ), '[]'::jsonb) as corrections,
    coalesce(o.state, current_setting('sosik.comment_state', true), 'open') as comment_state,
    coalesce(o.max_length, current_setting('sosik.comment_length', true), '300')::int as comment_length,
    b.blocks, a.publisher_id, a.external_id, a.status, a.byline_contact, a.source_url,
    a.syndicatable, a.revision, a.publish_at, a.withdrawn_at, a.withdrawn_reason
from articles a
join article_bodies b on b.article_id = a.id
join categories c on c.id = a.category_id
join publishers p on p.id = a.publisher_id
-- What publisher, categories and article set of comments: the nearest that says something.
cross join lateral (
    select
        (array_agg(s.settings ->> 'state' order by s.weight desc, s.depth)
            filter (where s.settings ->> 'state' is not null))[1] as state,
        (array_agg(s.settings ->> 'max_length' order by s.weight desc, s.depth)
            filter (where s.settings ->> 'max_length' is not null))[1] as max_length
    from (
        select 1 as weight, 0 as depth, y.settings from comment_policies y
        where y.scope = 'publisher' and y.scope_id = a.publisher_id
        union all
        select 2, r.depth, y.settings from category_ancestors r
        join comment_policies y on y.scope = 'category' and y.scope_id = r.ancestor_id
        where r.category_id = a.category_id
        union all
        select 3, 0, y.settings from comment_policies y
        where y.scope = 'article' and y.scope_id = a.id
    ) s
) o
where a.id = $1
