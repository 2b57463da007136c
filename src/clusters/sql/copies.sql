-- Articles that neither lead their story nor are shown for it, and what is shown instead.
select a.id, t.representative_id
from articles a join stories t on t.id = a.story_id
where a.id = any($1) and a.id <> t.leader_id and a.id <> t.representative_id
