-- The first categories of the top level, in order, and those of the slugs in $1.
(
    select id, slug, name_ko, name_en, true as top
    from categories
    where parent_id is null
    order by position, slug
    limit $2
)
union all
select id, slug, name_ko, name_en, false
from categories
where slug = any($1)
