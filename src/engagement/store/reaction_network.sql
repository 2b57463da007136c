insert into network_events (ring, hour, article_id, network, kind, events)
values ($1, $2, $3, $4, $5, greatest($6, 0))
on conflict (ring, hour, article_id, network, kind) do update
    set events = greatest(network_events.events + $6, 0)
returning events as left
