-- How one-sided each article's views of the last two hours were, the hour under way included.
select article_id, sum(ranked)::double precision as ranked, sum(networks)::double precision as networks,
    sum(largest)::double precision as largest
from article_hours
where kind = 0 and ends_at > $1 - interval '2 hours' and ends_at <= $1 + interval '1 hour'
group by article_id
