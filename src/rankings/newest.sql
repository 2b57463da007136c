select asked.list, l.article_id, l.at
from unnest($1) as asked (list)
cross join lateral (
    select article_id, at
    from listings
    where list = asked.list and at <= $2
    order by at desc, article_id desc
    limit $3
) l
order by asked.list, l.at desc, l.article_id desc
