-- Conflicts with `store/pin.sql` and with the foreign key of articles that are being filed.
select from categories
where id in (select category_id from category_ancestors where ancestor_id = $1)
order by id
for update
