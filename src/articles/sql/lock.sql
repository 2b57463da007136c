select a.id, a.publisher_id, a.external_id, a.content_hash, a.slug, a.status, a.revision,
    a.published_at, a.publish_at, a.created_at
from articles a
where a.id = $1
for update of a
