-- What is known of articles that are to be compared: where they stand, and what they were compared
-- by. Each is found by its id, whatever the planner thinks of how many there are.
select wanted.id, a.story_id, s.leader_id, s.publisher_id, s.published_at, s.keys, s.sketch,
    coalesce(s.decided, d.article_id is not null) as decided,
    d.story_id as decided_story_id,
    -- Too old to be compared: whatever it is in stays as it is.
    a.story_id is not null and coalesce(s.leader_forgotten, true) as settled
from unnest($1) as wanted (id)
cross join lateral (select story_id from articles a where a.id = wanted.id offset 0) a
left join lateral (
    select s.*, not exists (
        select from story_sketches l where l.article_id = s.leader_id
    ) as leader_forgotten
    from story_sketches s where s.article_id = wanted.id offset 0
) s on true
left join lateral (
    select c.article_id, coalesce(m.story_id, c.story_id) as story_id
    from story_decisions c left join merged_stories m on m.id = c.story_id
    where c.article_id = wanted.id
    order by c.decided_at desc, c.id desc
    limit 1
) d on true
