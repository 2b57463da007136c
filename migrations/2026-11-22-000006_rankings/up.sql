-- Boards as they were: one row per list, never changed once written.

create table ranking_snapshots (
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
    -- up, down, same, new, return: first letters.
    movements text not null,
    unique (board, scope, time_window, taken_at)
);

-- When each board was last looked at, changed or not.
create table ranking_rounds (
    board text primary key,
    taken_at timestamptz not null,
    computed_at timestamptz not null
);
