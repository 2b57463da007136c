insert into category_ancestors (category_id, ancestor_id, depth)
select below.category_id, above.ancestor_id, below.depth + above.depth + 1
from category_ancestors below
cross join category_ancestors above
where below.ancestor_id = $1 and above.category_id = $2
