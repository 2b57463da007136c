insert into network_views (ring, hour, article_id, network, views)
select * from unnest($1, $2, $3, $4, $5)
on conflict (ring, hour, article_id, network) do update
    set views = network_views.views + excluded.views
returning hour, article_id, network, views
