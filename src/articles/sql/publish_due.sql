-- Readers see the moment that was announced, not the moment the job came by.
update articles
set status = 'published', published_at = coalesce(published_at, publish_at), publish_at = null,
    written_by = 'schedule', updated_at = $2, revision = revision + 1
where id = any($1)
