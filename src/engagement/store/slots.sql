insert into view_slots (ring, slot, article_id, visitor)
select * from unnest($1, $2, $3, $4)
on conflict do nothing
returning slot, article_id, visitor
