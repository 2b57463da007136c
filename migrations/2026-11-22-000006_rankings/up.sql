-- Boards as they were: one row per list, never changed once written.

create table ranking_snapshots (
    -- In the order of making: of two rows that speak of one moment the later one holds, the earlier
    -- one stays what it is.
    id uuid primary key,
    board text not null,
    -- A category's id; the nil id for all.
    scope uuid not null,
    -- '1h', '24h', '7d', '30d'; '' for boards without one.
    time_window text not null,
    -- The moment it speaks of: the end of the window.
    taken_at timestamptz not null,
    computed_at timestamptz not null,
    article_ids uuid[] not null,
    scores double precision[] not null,
    -- 0 for none.
    previous_ranks smallint[] not null,
    -- One letter each: up, down, same, new, return.
    movements text not null
);

create unique index ranking_snapshots_list
    on ranking_snapshots (board, scope, time_window, taken_at, id);

-- When each board was last looked at, changed or not, and which moment that look spoke of.
create table ranking_rounds (
    board text primary key,
    taken_at timestamptz not null,
    computed_at timestamptz not null
);
