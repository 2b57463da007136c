-- Stories as they now are; told counts the ones that differ.
insert into stories (id, leader_id, representative_id, created_at, updated_at)
select id, leader_id, representative_id, $4, $4
from unnest($1, $2, $3) as given (id, leader_id, representative_id)
on conflict (id) do update
set leader_id = excluded.leader_id, representative_id = excluded.representative_id,
    revision = stories.revision + 1, updated_at = excluded.updated_at
