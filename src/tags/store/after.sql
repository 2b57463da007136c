select id, slug, name, created_at
from tags
where slug > coalesce((select slug from tags where id = $1), '')
order by slug
limit $2
