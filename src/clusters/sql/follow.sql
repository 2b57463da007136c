-- Who leads the stories of these articles, beside their sketches.
update story_sketches s set leader_id = t.leader_id
from articles a left join stories t on t.id = a.story_id
where a.id = any ($1) and s.article_id = a.id and s.leader_id is distinct from t.leader_id
