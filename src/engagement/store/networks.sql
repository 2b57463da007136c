-- The totals after, where they are above the cap: below it every event ranks.
with added as (
    insert into network_events (ring, hour, article_id, network, kind, events)
    select * from unnest($1, $2, $3, $4, $5, $6)
    on conflict (ring, hour, article_id, network, kind) do update
        set events = network_events.events + excluded.events
    returning hour, article_id, network, kind, events
)
select * from added where events > $7
