drop table article_counters;
drop table view_buckets;
drop table event_rounds;
drop table network_views;
drop table view_slots;
drop table day_secrets;
