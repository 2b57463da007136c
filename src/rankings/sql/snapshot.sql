-- A snapshot, raw where $1 says so, and which of its articles may still be shown, with their stories, categories and publishers.
select s.id, s.board, s.scope, s.time_window, s.taken_at, s.computed_at,
    exists (select 1 from publishers p where p.id = s.scope) as of_publisher,
    case when $1 and s.raw_article_ids is not null then s.raw_article_ids else s.article_ids end as article_ids,
    case when $1 and s.raw_article_ids is not null then s.raw_scores else s.scores end as scores,
    case when $1 and s.raw_article_ids is not null then s.raw_previous_ranks else s.previous_ranks end as previous_ranks,
    case when $1 and s.raw_article_ids is not null then s.raw_movements else s.movements end as movements,
    case when $1 and s.raw_article_ids is not null then s.raw_peak_ranks else s.peak_ranks end as peak_ranks,
    case when $1 and s.raw_article_ids is not null then s.raw_entered_at else s.entered_at end as entered_at,
    case when $1 and s.raw_article_ids is not null then s.raw_signals else s.signals end as signals,
    case when $1 then null else s.sources end as sources,
    coalesce(v.ids, '{}') as visible, coalesce(v.stories, '{}') as stories,
    coalesce(v.categories, '{}') as categories, coalesce(v.publishers, '{}') as publishers
