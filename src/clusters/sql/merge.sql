-- Leads from stories that went into others to where they are now, also those that led to them before.
with led as (
    update merged_stories m set story_id = given.into_id
    from unnest($1, $2) as given (id, into_id)
    where m.story_id = given.id
)
insert into merged_stories (id, story_id)
select id, into_id from unnest($1, $2) as given (id, into_id)
on conflict (id) do update set story_id = excluded.story_id
