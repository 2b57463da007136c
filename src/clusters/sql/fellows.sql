-- Published articles that stand alone though an editor put them into one of these stories.
select a.id, coalesce(m.story_id, d.story_id) as story_id
from story_decisions d
join articles a on a.id = d.article_id
left join merged_stories m on m.id = d.story_id
where (d.story_id = any($1) or d.story_id in (select id from merged_stories where story_id = any($1)))
    and a.status = 'published' and a.story_id is null
    and not exists (
        select from story_decisions later
        where later.article_id = d.article_id
            and (later.decided_at, later.id) > (d.decided_at, d.id)
    )
