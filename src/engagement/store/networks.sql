-- What stands after, of networks above the cap: below it every event ranks. And for each article and hour
-- how many networks are new.
with added as (
    insert into network_events (ring, hour, article_id, network, kind, events, fed, gained)
    select ring, hour, article_id, network, kind, events, fed, events
    from unnest($1, $2, $3, $4, $5, $6, $7) as gain (ring, hour, article_id, network, kind, events, fed)
    on conflict (ring, hour, article_id, network, kind) do update set
        events = network_events.events + excluded.events,
        fed = network_events.fed + excluded.fed,
        gained = excluded.events
    returning hour, article_id, network, kind, events, fed, ranked, gained
)
select hour, article_id, network, kind, events, fed, ranked, 0 as fresh
from added
where events > $8
union all
select hour, article_id, 0, kind, 0, 0, 0, count(*)::integer
from added
where events = gained
group by hour, article_id, kind
