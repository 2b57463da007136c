update articles
set status = $2, published_at = $3, publish_at = $4, withdrawn_at = $5, withdrawn_reason = $6,
    written_by = $7, updated_at = $8, revision = revision + 1
where id = $1
