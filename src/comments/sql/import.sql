-- Comments from elsewhere. One that is there keeps its text; its votes from elsewhere are set.
with given as (
    select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        as t (id, article_id, parent_id, root_id, path, author_name, external_id, body, at, up, down)
), written as (
    insert into comments (id, article_id, parent_id, root_id, path, author_name, external_id, body,
        status, listed, up, down, base_up, base_down, created_at, changed_at)
    select id, article_id, parent_id, root_id, path::uuid[], author_name, external_id, body,
        'visible', true, up, down, up, down, at, at
    from given order by article_id, id
    on conflict (article_id, external_id) do update set
        up = comments.up - comments.base_up + excluded.base_up,
        down = comments.down - comments.base_down + excluded.base_down,
        base_up = excluded.base_up, base_down = excluded.base_down
    where (comments.base_up, comments.base_down) is distinct from (excluded.base_up, excluded.base_down)
    returning id, article_id, parent_id, base_up, base_down, xmax = 0 as is_new
), events as (
    insert into comment_events (article_id, comment_id, kind, at)
    select article_id, id, 2, now() from written where not is_new
), threads as (
    update article_threads t set visible = visible + n.all_new, roots = roots + n.roots_new
    from (
        select article_id, count(*) as all_new, count(*) filter (where parent_id is null) as roots_new
        from written where is_new group by article_id
    ) n where t.article_id = n.article_id
), counters as (
    insert into article_counters (article_id, comments, updated_at)
    select article_id, count(*), now() from written where is_new group by article_id order by article_id
    on conflict (article_id) do update set
        comments = article_counters.comments + excluded.comments, updated_at = excluded.updated_at
)
select count(*) filter (where is_new) as created, count(*) filter (where not is_new) as updated
from written
