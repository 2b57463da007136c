-- Revision $2 of an article and the one before it, newest first.
select revision, written_by, written_at, current, content
from (
    select r.revision, r.written_by, r.written_at, false as current, r.content
    from article_revisions r
    where r.article_id = $1 and r.revision between $2 - 1 and $2
    union all
    select a.revision, a.written_by, a.updated_at, true, present.content
    from articles a
    join (
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
    where a.id = $1
    ) present on present.id = a.id
    where a.id = $1 and a.revision between $2 - 1 and $2
) history
order by revision desc
