-- Locked in the order of the keys, so that two attempts never wait for each other.
with asked as (
    select key_hash, free, longest
      from unnest($1::bytea[], $2::int[], $3::int[]) as a (key_hash, free, longest)
),
blocked as materialized (
    select f.blocked_until
      from failed_logins f
      join asked using (key_hash)
     where f.blocked_until > $4
),
counted as (
    insert into failed_logins as f (key_hash, failures, blocked_until, last_at)
    select key_hash, 1, $4, $4
      from asked
     where not exists (select from blocked)
     order by key_hash
    on conflict (key_hash) do update
       set failures = f.failures + 1,
           last_at = $4,
           -- The wait doubles with each failure beyond the free ones.
           blocked_until = $4 + case when f.failures + 1 < (select free from asked a where a.key_hash = f.key_hash)
               then interval '0'
               else make_interval(secs => least(
                   power(2, least(f.failures + 1 - (select free from asked a where a.key_hash = f.key_hash), 20)),
                   (select longest from asked a where a.key_hash = f.key_hash)))
               end
     where f.blocked_until <= $4
    returning 1
)
-- Whoever was overtaken by others finds a block that was not there a moment ago: less than both counted.
select (select count(*) from counted) as counted, (select max(blocked_until) from blocked) as blocked_until
