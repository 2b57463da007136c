-- Keeps the categories of these articles where they are in the tree until the transaction ends.
select
from categories
where id in (select category_id from articles where id = any($1))
order by id
for key share
