-- Everybody of the stories in $1; the published articles in $2, and everybody of their stories.
select a.id, a.publisher_id, a.published_at, a.story_id, a.leader_id, a.representative_id,
    s.decided is distinct from false as fixed
from (
    select m.id
    from (
        select unnest($1) as id
        union
        select story_id from articles where id = any ($2) and story_id is not null
    ) story
    cross join lateral (select id from articles m where m.story_id = story.id offset 0) m
    union
    select unnest($2)
) wanted (id)
cross join lateral (
    select a.*, t.leader_id, t.representative_id
    from articles a left join stories t on t.id = a.story_id
    where a.id = wanted.id and (a.status = 'published' or a.story_id is not null) offset 0
) a
left join lateral (
    select decided from story_sketches s where s.article_id = wanted.id offset 0
) s on true
