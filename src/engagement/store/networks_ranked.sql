update network_events n
set ranked = given.ranked
from unnest($1, $2, $3, $4, $5, $6) as given (ring, hour, article_id, network, kind, ranked)
where n.ring = given.ring and n.hour = given.hour and n.article_id = given.article_id
    and n.network = given.network and n.kind = given.kind
