-- What readers see of articles, as near-duplicates are told by.
select a.id, a.publisher_id, a.published_at, a.headline, a.deck, a.summary, b.blocks
from articles a
join article_bodies b on b.article_id = a.id
where a.id = any($1) and a.status = 'published'
