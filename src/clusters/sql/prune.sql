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
    delete from story_keys k
    using (select stretch, unnest(keys) as key, article_id from gone) g
    where k.stretch = g.stretch and k.key = g.key and k.article_id = g.article_id
)
select count(*) as n from gone
