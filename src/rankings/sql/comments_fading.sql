-- Distinct writers of comments that are shown, each from the first of an article on, fading by half in
-- each half-life of `popular`, as of $1.
select article_id, 3::smallint as kind,
    sum(power(2, -age / 1800)) as h30m, sum(power(2, -age / 3600)) as h1,
    sum(power(2, -age / 7200)) as h2, sum(power(2, -age / 21600)) as h6,
    sum(power(2, -age / 43200)) as h12, sum(power(2, -age / 86400)) as h24
from (
    select article_id,
        greatest(extract(epoch from $1 - min(created_at))::double precision, 0) as age
    from comments
    where status = 'visible' and created_at > $1 - interval '168 hours' and created_at <= $1
    group by article_id, coalesce(account_id, id)
) writers
group by article_id
