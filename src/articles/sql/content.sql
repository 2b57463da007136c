-- Articles as their writers send them, for all who need that: the end of the statement says which.
select a.id, jsonb_build_object(
    'publisher', p.slug,
    'external_id', a.external_id,
    'category', c.slug,
    'headline', a.headline,
    'deck', a.deck,
    'summary', a.summary,
    'slug', a.slug,
    'language', a.language,
    'authors', coalesce((
        select jsonb_agg(w.name order by t.n)
        from unnest(a.author_ids) with ordinality as t (id, n)
        join authors w on w.id = t.id
    ), '[]'::jsonb),
    'tags', coalesce((
        select jsonb_agg(g.name order by t.n)
        from unnest(a.tag_ids) with ordinality as t (id, n)
        join tags g on g.id = t.id
    ), '[]'::jsonb),
    'byline_contact', a.byline_contact,
    'source_url', a.source_url,
    'rights', jsonb_build_object('syndicatable', a.syndicatable),
    'lead_image', a.lead_image,
    'body', b.blocks
) as content
from articles a
join article_bodies b on b.article_id = a.id
join categories c on c.id = a.category_id
join publishers p on p.id = a.publisher_id
