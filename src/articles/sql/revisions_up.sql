-- The history of an article, the present revision included.
select revision, written_by, written_at, current
from (
    select r.revision, r.written_by, r.written_at, false as current
    from article_revisions r where r.article_id = $1
    union all
    select a.revision, a.written_by, a.updated_at, true from articles a where a.id = $1
) history
where revision > $2
order by revision asc
limit $3
