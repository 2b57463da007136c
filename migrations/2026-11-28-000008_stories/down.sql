alter table import_items drop column duplicate_of;
alter table imports drop column duplicates;
drop table story_decisions;
drop table story_keys;
drop table story_sketches;
alter table articles drop column story_id;
drop table merged_stories;
drop table stories;
