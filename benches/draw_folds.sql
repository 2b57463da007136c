-- A hundred folds drawn at random, to be read one by one: psql -v seed=1 -f benches/draw_folds.sql
-- A fold is an article that belongs to a story and does not lead it, beside the one that leads.
select left(l.external_id, 12) as leader, left(a.external_id, 12) as article,
    l.published_at::date as leader_day, a.published_at::date as day,
    lp.name_ko as leader_publisher, p.name_ko as publisher,
    l.headline as leader_headline, a.headline, l.deck as leader_deck, a.deck
from articles a
join stories s on s.id = a.story_id and s.leader_id <> a.id
join articles l on l.id = s.leader_id
join publishers p on p.id = a.publisher_id
join publishers lp on lp.id = l.publisher_id
order by md5(:'seed' || l.external_id || a.external_id)
limit 100;
