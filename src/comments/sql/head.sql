-- What there is to know of an article before its comments are read or written.
select a.id, a.slug, a.status, a.publisher_id, a.published_at, a.withdrawn_at, a.withdrawn_reason,
    coalesce((
        select jsonb_agg(jsonb_build_object('source', s.scope, 'settings', s.settings)
            order by s.weight, s.depth desc)
        from (
            select 1 as weight, 0 as depth, p.scope, p.settings from comment_policies p
            where p.scope = 'publisher' and p.scope_id = a.publisher_id
            union all
            select 2, r.depth, p.scope, p.settings from category_ancestors r
            join comment_policies p on p.scope = 'category' and p.scope_id = r.ancestor_id
            where r.category_id = a.category_id
            union all
            select 3, 0, p.scope, p.settings from comment_policies p
            where p.scope = 'article' and p.scope_id = a.id
        ) s
    ), '[]'::jsonb) as layers
from articles a
where a.id = $1
