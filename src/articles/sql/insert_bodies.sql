insert into article_bodies (article_id, blocks)
select article_id, blocks
from jsonb_to_recordset($1) as given (article_id uuid, blocks jsonb)
on conflict (article_id) do update set blocks = excluded.blocks
