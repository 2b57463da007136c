-- Sketches that no publication can reach any more, a batch at a time. An import of an archive lasts
-- less than what lies between.
with old as (
    select article_id from story_sketches
    where stored_at < $1 and published_at < $1
    order by stored_at
    limit 10000
    for update skip locked
), gone as (
    delete from story_sketches s using old where s.article_id = old.article_id
    returning s.stretch, s.keys, s.article_id
), unkeyed as (
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
)
select count(*) as n from gone
