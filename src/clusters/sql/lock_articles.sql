-- The articles that nobody else is writing just now.
select id from articles where id = any($1) order by id for no key update skip locked
