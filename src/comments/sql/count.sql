-- What a change of one comment does to the counts around it, and the events of it. The thread's row is
-- locked already.
with thread as (
    update article_threads
    set visible = visible + $3, roots = roots + $4, waiting = waiting + $5,
        removed_by_author = removed_by_author + $6,
        removed_by_moderator = removed_by_moderator + $7, removed_by_rule = removed_by_rule + $8
    where article_id = $1
), counter as (
    insert into article_counters (article_id, comments, updated_at)
    select $1, $3, $12 where $3 <> 0
    on conflict (article_id) do update set
        comments = article_counters.comments + excluded.comments, updated_at = excluded.updated_at
), parent as (
    update comments set replies = replies + $9 where id = $2 and $9 <> 0
), replied as (
    insert into comment_events (article_id, comment_id, kind, replies, at)
    select $1, $2, 4, $9, $12 where $2 is not null and $9 <> 0
)
insert into comment_events (article_id, comment_id, kind, at)
select $1, $10, $11, $12 where $11 > 0
