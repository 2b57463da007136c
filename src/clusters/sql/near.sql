-- What articles are compared with: what shares a key and was published within reach, leaders first;
-- and what follows them. $1 the articles, $2 and $3 the stretches of time to look in.
with asked as (
    select q.article_id as id, q.keys, w.own, w.other,
        q.published_at - interval '72 hours' as earliest,
        q.published_at + interval '72 hours' as latest
    from unnest($1, $2, $3) as w (id, own, other)
    -- One row each, here and below, found by its id whatever the planner thinks of the rest.
    cross join lateral (select * from story_sketches q where q.article_id = w.id offset 0) q
)
select asked.id as asked, near.*
from asked
cross join lateral (
    select s.article_id as id, s.publisher_id, s.published_at, s.decided, s.leader_id, s.sketch
    from (
        select k.article_id, count(*) as shared
        from (
            -- What more than these share is nobody's mark.
            select k.article_id from story_keys k
            where k.stretch = any (array[asked.own, asked.other]) and k.key = any (asked.keys)
            limit 2000
        ) k
        where k.article_id <> asked.id
        group by k.article_id
    ) found
    cross join lateral (
        select * from story_sketches s where s.article_id = found.article_id offset 0
    ) s
    where s.published_at between asked.earliest and asked.latest
    order by coalesce(s.leader_id, s.article_id) = s.article_id desc, found.shared desc,
        s.published_at, s.article_id
    limit 64
) near
union all
select t.leader_id, s.article_id, s.publisher_id, s.published_at, s.decided, s.leader_id, s.sketch
from stories t
join articles m on m.story_id = t.id and m.id <> t.leader_id
cross join lateral (select * from story_sketches s where s.article_id = m.id offset 0) s
where t.leader_id = any ($1)
