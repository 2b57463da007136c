select id, slug, name, created_at
from tags
where slug < (select slug from tags where id = $1)
  -- Of published articles only: what a draft is about is nobody's business.
  and exists (select from listings where list = tags.id)
order by slug desc
limit $2
