insert into category_ancestors (category_id, ancestor_id, depth)
select $1, $1, 0
union all
select $1, a.ancestor_id, a.depth + 1 from category_ancestors a where a.category_id = $2
