-- Verdicts and progress at once. Nothing happens when another worker has moved the job meanwhile.
with moved as (
    update imports
    set processed = processed + $3, created = created + $4, updated = updated + $5,
        unchanged = unchanged + $6, invalid = invalid + $7, duplicates = duplicates + $10,
        heartbeat_at = $8, attempts = 0
    where id = $1 and processed = $2 and status = 'running'
    returning id
)
insert into import_items (import_id, n, verdict, article_id, external_id, duplicate_of, errors)
select moved.id, item.n, item.verdict, item.article_id, item.external_id, item.duplicate_of, item.errors
from moved,
    jsonb_to_recordset($9) as item (
        n int, verdict text, article_id uuid, external_id text, duplicate_of uuid, errors jsonb
    )
