insert into view_buckets (ends_at, grain, article_id, received, views, ranked, bot, prefetch, repeat)
select ends_at, 'hour', article_id, received, counted, ranked, bot, prefetch, repeat
from article_hours h where kind = 0 and exists (select 1 from articles a where a.id = h.article_id)
on conflict (ends_at, grain, article_id) do update set
    received = excluded.received, views = excluded.views, ranked = excluded.ranked,
    bot = excluded.bot, prefetch = excluded.prefetch, repeat = excluded.repeat;
insert into view_buckets (ends_at, grain, article_id, imported)
select ends_at, 'day', article_id, imported
from article_days d
where kind = 0 and imported > 0 and exists (select 1 from articles a where a.id = d.article_id)
on conflict (ends_at, grain, article_id) do update set imported = excluded.imported;

drop table signing_keys;
drop table article_reactions;
alter table article_counters drop column reactions;
alter table article_counters drop column shares;
drop table reactions;
drop table network_events;
drop table article_scores;
drop table article_fives;
drop table article_days;
drop table article_hours;
