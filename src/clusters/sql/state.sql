-- What is known of articles that are to be compared: where they stand, and what they were compared by.
select a.id, a.story_id, t.leader_id, s.publisher_id, s.published_at, s.keys, s.sketch,
    coalesce(s.decided, d.article_id is not null) as decided,
    coalesce(m.story_id, d.story_id) as decided_story_id,
    -- Too old to be compared: whatever it is in stays as it is.
    a.story_id is not null
        and (s.article_id is null or not exists (select from story_sketches l where l.article_id = t.leader_id))
        as settled
from unnest($1) as wanted (id)
join articles a on a.id = wanted.id
left join stories t on t.id = a.story_id
left join story_sketches s on s.article_id = a.id
left join lateral (
    select c.article_id, c.story_id from story_decisions c
    where c.article_id = a.id
    order by c.decided_at desc, c.id desc
    limit 1
) d on true
left join merged_stories m on m.id = d.story_id
