-- Changed articles, from an array of whole rows; status and withdrawal are other statements' business.
update articles a
set category_id = n.category_id, external_id = n.external_id, slug = n.slug, status = n.status,
    headline = n.headline, deck = n.deck, summary = n.summary, language = n.language,
    author_ids = n.author_ids, tag_ids = n.tag_ids, lead_image = n.lead_image,
    byline_contact = n.byline_contact, source_url = n.source_url, syndicatable = n.syndicatable,
    revision = a.revision + 1, content_hash = n.content_hash, written_by = n.written_by,
    updated_at = n.updated_at, publish_at = n.publish_at, published_at = n.published_at
from jsonb_populate_recordset(null::articles, $1) n
where a.id = n.id
