-- Overrides with what they are about. Every statement about them ends this one.
select o.id, o.board, o.kind, o.article_id, o.position, o.starts_at, o.ends_at, o.reason, o.created_by,
    o.created_at, o.lifted_by, o.lifted_at,
    o.starts_at <= $1 and coalesce(o.ends_at, 'infinity') > $1 and coalesce(o.lifted_at, 'infinity') > $1 as in_force,
    c.slug as category_slug, c.name_ko as category_ko, c.name_en as category_en,
    p.slug as publisher_slug, p.name_ko as publisher_ko, p.name_en as publisher_en
from ranking_overrides o
left join categories c on c.id = o.scope
left join publishers p on p.id = o.scope
