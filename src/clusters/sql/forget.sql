-- Takes sketches and their keys away.
with gone as (
    delete from story_sketches where article_id = any($1) returning stretch, keys, article_id
)
delete from story_keys k
using (select stretch, unnest(keys) as key, article_id from gone) g
where k.stretch = g.stretch and k.key = g.key and k.article_id = g.article_id
