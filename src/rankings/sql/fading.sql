-- Views that fade, as they stood at `as_of`.
select article_id, as_of, p30m, p1h, p2h, p6h, p12h, p24h, t30m, t2h, t24h, minutes
from article_scores
where as_of > $1 - interval '10 days'
