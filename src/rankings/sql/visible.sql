left join lateral (
    select array_agg(a.id) as ids, array_agg(coalesce(a.story_id, a.id)) as stories,
        array_agg(a.category_id) as categories, array_agg(a.publisher_id) as publishers
    from articles a
    where a.id = any(case when $1 and s.raw_article_ids is not null then s.raw_article_ids else s.article_ids end)
        and a.status = 'published'
) v on true
