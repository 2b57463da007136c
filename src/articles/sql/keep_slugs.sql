-- Returns fewer rows than given when another article owns one of them.
insert into article_slugs (slug, article_id)
select slug, article_id
from unnest($1, $2) as given (slug, article_id)
order by slug
on conflict (slug) do update set article_id = excluded.article_id
where article_slugs.article_id = excluded.article_id
returning slug, article_id
