alter table article_counters drop column comments;
drop table moderation_claims, comment_appeals, comment_removals, moderation_log, comment_policies, comment_events,
    comment_hits, comment_edits, comment_reports, vote_acts, comment_votes, article_threads, comments;
drop function comment_best, comment_heat;
