-- Each ancestor has a list of its own, and one crossed with each publisher (a derived id).
delete from listings
using articles a, unnest($2::uuid[]) as lost (id)
where a.category_id in (select category_id from category_ancestors where ancestor_id = $1)
  and a.status = 'published'
  and listings.article_id = a.id
  and listings.list in (lost.id, md5(lost.id::text || ':' || a.publisher_id::text)::uuid)
