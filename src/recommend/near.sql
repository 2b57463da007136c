-- An article and those that may be on its topic: of its category and with its tags, within thirty days.
with own as (
    select a.id, a.category_id, a.tag_ids, coalesce(a.published_at, a.created_at) as at
    from articles a
    where a.id = $1
), near as (
    select id from own
    union
    select l.article_id
    from own
    cross join lateral (
        (
            select article_id
            from listings
            where list = own.category_id and at <= own.at and at > own.at - interval '30 days'
            order by at desc, article_id desc
            limit 120
        )
        union all
        (
            select article_id
            from listings
            where list = own.category_id and at > own.at and at <= least($2, own.at + interval '30 days')
            order by at, article_id
            limit 80
        )
    ) l
    union
    select l.article_id
    from own
    cross join unnest(own.tag_ids[1:5]) as tag (id)
    cross join lateral (
        select article_id
        from listings
        where list = tag.id and at <= least($2, own.at + interval '30 days') and at > own.at - interval '30 days'
        order by at desc, article_id desc
        limit 40
    ) l
)
select a.id, coalesce(a.story_id, a.id) as story, a.category_id, a.publisher_id,
    concat_ws(' ', a.headline, a.deck) as text,
    array(select t.name from tags t where t.id = any(a.tag_ids) order by t.name) as tags
from near n
join articles a on a.id = n.id
where a.status = 'published'
