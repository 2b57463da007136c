-- Comments that wait for a moderator, the longest first: of one publisher, or of all; of some kinds.
-- $1 publisher, $2 kinds, $3 beyond this id, $4 how many, $5 backward, $6 by nobody but this one, $7 now
with waiting as (
    (select c.id from comments c join articles t on t.id = c.article_id
    where c.status in ('pending', 'held') and c.due_at is null and c.status = any($2)
        and ($1::uuid is null or t.publisher_id = $1)
        and case when $5 then c.id < $3 else c.id > $3 end)
    union
    (select c.id from comments c join articles t on t.id = c.article_id
    where c.reports > 0 and c.status = 'visible' and 'reported' = any($2)
        and ($1::uuid is null or t.publisher_id = $1)
        and case when $5 then c.id < $3 else c.id > $3 end)
    union
    (select c.id from comment_appeals p join comments c on c.id = p.comment_id
        join articles t on t.id = c.article_id
    where p.status = 'open' and 'appealed' = any($2)
        and ($1::uuid is null or t.publisher_id = $1)
        and case when $5 then c.id < $3 else c.id > $3 end)
)
select w.id from waiting w
where $6::uuid is null or not exists (
    select from moderation_claims m where m.comment_id = w.id and m.until > $7 and m.by_id <> $6)
order by case when $5 then w.id end desc, w.id limit $4
