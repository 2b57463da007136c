drop table moderation_rules_version;
drop table moderation_rules;
