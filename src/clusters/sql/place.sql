-- Which story articles belong to.
update articles a set story_id = given.story_id
from unnest($1, $2) as given (id, story_id)
where a.id = given.id
