-- Articles as lists show them, in the order of the ids given.
select
    a.id, a.slug, a.headline, a.deck, a.summary, a.lead_image, a.published_at, a.updated_at,
    a.corrected_at, a.story_id, a.language,
    c.slug as category_slug, c.name_ko as category_ko, c.name_en as category_en,
    p.slug as publisher_slug, p.name_ko as publisher_ko, p.name_en as publisher_en,
    coalesce((
        select jsonb_agg(jsonb_build_object('id', w.id, 'name', w.name) order by t.n)
        from unnest(a.author_ids) with ordinality as t (id, n)
        join authors w on w.id = t.id
    ), '[]'::jsonb) as authors
from unnest($1) with ordinality as wanted (id, n)
join articles a on a.id = wanted.id
join categories c on c.id = a.category_id
join publishers p on p.id = a.publisher_id
where a.status = $2
order by wanted.n
