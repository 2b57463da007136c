-- Boards over stories, with what explains each place; and what editors decide about boards.

-- A place is a story, shown by its representative in the list's scope. Columns of the version before
-- keep their meaning. `raw_…` hold the same list with every article for itself, where that differs:
-- null means that nothing was folded.
alter table ranking_snapshots
    add column peak_ranks smallint[],
    -- Since when each article stood on the board without a break.
    add column entered_at timestamptz[],
    -- One letter each: r ranked, p pinned. Null: all ranked.
    add column sources text,
    -- What the score of each place was made of, the same number of figures for each, in the order that
    -- the board defines.
    add column signals double precision[],
    add column raw_article_ids uuid[],
    add column raw_scores double precision[],
    add column raw_previous_ranks smallint[],
    add column raw_movements text,
    add column raw_peak_ranks smallint[],
    add column raw_entered_at timestamptz[],
    add column raw_signals double precision[];

-- Pins and exclusions. Never deleted: what was lifted says when and by whom.
create table ranking_overrides (
    id uuid primary key,
    board text not null,
    -- A category's or publisher's id; the nil id for all.
    scope uuid not null,
    kind text not null check (kind in ('pin', 'exclude')),
    article_id uuid not null references articles (id) on delete cascade,
    -- The place of a pin, from 1.
    position smallint check ((kind = 'pin') = (position is not null)),
    starts_at timestamptz not null,
    ends_at timestamptz,
    reason text not null,
    created_by text not null,
    created_at timestamptz not null,
    lifted_by text,
    lifted_at timestamptz
);
create index ranking_overrides_board on ranking_overrides (board, id);
create index ranking_overrides_in_force on ranking_overrides (board) where lifted_at is null;

-- Of a network's events about an article in an hour: those that may rank on the board that hours feed; of
-- a network beyond its cap those that did; and what the last round added.
alter table network_events add column fed integer not null default 0;
alter table network_events add column ranked integer not null default 0;
alter table network_events add column gained integer not null default 0;
-- How one-sided the events of an article in an hour were: from how many networks they came, and how many
-- that rank came from the largest one of those beyond their cap.
alter table article_hours add column networks integer not null default 0;
alter table article_hours add column largest integer not null default 0;
-- Views that rank of a day but came from one network beyond what all others brought.
alter table article_days add column excess integer not null default 0;
-- Whether what was there still is there, for `trending`.
alter table article_scores add column t30m double precision not null default 0;
