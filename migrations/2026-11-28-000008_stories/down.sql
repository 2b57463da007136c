drop table story_decisions;
drop table story_sketches;
alter table articles drop column story_id;
drop table stories;
