-- The articles of a story, the one that is shown for all first.
select a.id, exists (select from story_decisions d where d.article_id = a.id) as decided
from articles a
where a.story_id = $1
order by a.id = $2 desc, a.published_at, a.id
limit $3
