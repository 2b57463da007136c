alter table article_scores drop column t30m;
alter table article_days drop column excess;
alter table article_hours drop column largest;
alter table article_hours drop column networks;
alter table network_events drop column gained;
alter table network_events drop column ranked;
alter table network_events drop column fed;
drop table ranking_overrides;
alter table ranking_snapshots
    drop column peak_ranks,
    drop column entered_at,
    drop column sources,
    drop column signals,
    drop column raw_article_ids,
    drop column raw_scores,
    drop column raw_previous_ranks,
    drop column raw_movements,
    drop column raw_peak_ranks,
    drop column raw_entered_at,
    drop column raw_signals;
