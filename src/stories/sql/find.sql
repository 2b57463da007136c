-- A story, or the one that it went into.
select t.id, t.leader_id, t.representative_id, t.revision, t.created_at, t.updated_at,
    (select count(*) from articles a where a.story_id = t.id) as members
from stories t
where t.id = coalesce((select m.story_id from merged_stories m where m.id = $1), $1)
