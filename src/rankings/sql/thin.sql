-- Keeps the last snapshot of each stretch of time that ends with its edge: minutes for two hours,
-- quarters of an hour for two days, hours for 31 days, then days of the portal's zone.
delete from ranking_snapshots s
using (
    select id, row_number() over (
        partition by board, scope, time_window, grain,
            case grain
                when 1 then date_bin('1 minute', edge, timestamptz '2000-01-01Z')
                when 2 then date_bin('15 minutes', edge, timestamptz '2000-01-01Z')
                when 3 then date_trunc('hour', edge, $2)
                else date_trunc('day', edge, $2)
            end
        order by taken_at desc, id desc
    ) as n
    from (
        select id, board, scope, time_window, taken_at,
            taken_at - interval '1 microsecond' as edge,
            case
                when taken_at > $1 - interval '2 hours' then 1
                when taken_at > $1 - interval '48 hours' then 2
                when taken_at > $1 - interval '31 days' then 3
                else 4
            end as grain
        from ranking_snapshots
    ) aged
) numbered
where s.id = numbered.id and numbered.n > 1
