-- The subtree keeps its own inside.
delete from category_ancestors
where category_id in (select category_id from category_ancestors where ancestor_id = $1)
  and ancestor_id not in (select category_id from category_ancestors where ancestor_id = $1)
