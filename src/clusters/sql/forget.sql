-- Takes sketches and their keys away, each key found by the index.
with gone as (
    delete from story_sketches where article_id = any($1) returning stretch, keys, article_id
)
delete from story_keys
where ctid = any (array(
    select k.ctid
    from gone cross join unnest(gone.keys) as g (key)
    cross join lateral (
        select k.ctid from story_keys k
        where k.stretch = gone.stretch and k.key = g.key and k.article_id = gone.article_id
        offset 0
    ) k
))
