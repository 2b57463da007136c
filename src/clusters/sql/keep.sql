-- Sketches with their keys.
with new as (
    insert into story_sketches
        (article_id, publisher_id, published_at, stored_at, decided, stretch, keys, sketch)
    select article_id, publisher_id, published_at, $8, decided, stretch, keys::integer[], sketch
    from unnest($1, $2, $3, $4, $5, $6, $7)
        as given (article_id, publisher_id, published_at, decided, stretch, keys, sketch)
    returning stretch, keys, article_id
)
insert into story_keys (stretch, key, article_id)
select stretch, key, article_id
from new cross join unnest(keys) as k (key)
order by stretch, key
