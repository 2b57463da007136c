-- Everybody of the stories in $1, and besides them the published articles in $2.
select a.id, a.publisher_id, a.published_at, a.story_id, t.leader_id, t.representative_id,
    s.article_id is null or s.decided as fixed
from (
    select id from articles where story_id = any($1)
    union
    select id from articles where id = any($2) and status = 'published'
) wanted
join articles a on a.id = wanted.id
left join stories t on t.id = a.story_id
left join story_sketches s on s.article_id = a.id
