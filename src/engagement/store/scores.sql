select s.article_id, as_of, p30m, p1h, p2h, p6h, p12h, p24h, t30m, t2h, t24h, minutes, last_minute
from unnest($1) as asked (article_id) join article_scores s using (article_id)
