select id, slug, name, created_at
from tags
where slug < (select slug from tags where id = $1)
order by slug desc
limit $2
