select a.id as article_id, coalesce(c.views, 0) as views
from unnest($1) with ordinality as asked (id, n)
join articles a on a.id = asked.id and a.status = 'published'
left join article_counters c on c.article_id = a.id
order by asked.n
