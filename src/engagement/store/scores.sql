select article_id, as_of, p30m, p1h, p2h, p6h, p12h, p24h, t2h, t24h, minutes, last_minute
from article_scores where article_id = any($1)
