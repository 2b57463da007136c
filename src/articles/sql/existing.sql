-- What is there already of articles that come with their publisher's id; locked in one order.
select a.id, a.publisher_id, a.external_id, a.content_hash, a.slug, a.status, a.revision,
    a.published_at, a.publish_at, a.created_at
from unnest($1, $2) as wanted (publisher_id, external_id)
join articles a on a.publisher_id = wanted.publisher_id and a.external_id = wanted.external_id
order by a.id
for update of a
