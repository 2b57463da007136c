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
    b.blocks, a.publisher_id, a.external_id, a.status, a.byline_contact, a.source_url,
    a.syndicatable, a.revision, a.publish_at, a.withdrawn_at, a.withdrawn_reason
from articles a
join article_bodies b on b.article_id = a.id
join categories c on c.id = a.category_id
join publishers p on p.id = a.publisher_id
where a.id = $1
