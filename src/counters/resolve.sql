select coalesce(direct.id, named.id) as article_id
from unnest($1, $2, $3) with ordinality as given (id, publisher, external_id, n)
left join articles direct on direct.id = given.id
left join lateral (
    select a.id
    from publishers p
    join articles a on a.publisher_id = p.id and a.external_id = given.external_id
    where given.publisher = any(array[p.slug, p.name_ko, p.name_en])
    order by (p.slug = given.publisher) desc, p.slug
    limit 1
) named on true
order by given.n
