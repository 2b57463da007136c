with ended as (
    update sessions set revoked_at = $7
     where id in (select id from sessions
                   where account_id = $2 and revoked_at is null and refresh_expires_at > $7
                   order by refreshed_at desc, id desc
                  offset $8 - 1)
)
insert into sessions (id, account_id, access_hash, access_expires_at, refresh_hash, refresh_expires_at, created_at, refreshed_at)
values ($1, $2, $3, $4, $5, $6, $7, $7)
