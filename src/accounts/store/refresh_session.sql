update sessions s
   set access_hash = $2, access_expires_at = $3, refresh_hash = $4, refresh_expires_at = $5, refreshed_at = $6
  from accounts a
 where a.id = s.account_id
   and a.erased_at is null
   and not exists (select from sanctions x where x.account_id = a.id and x.kind = 'ban' and x.lifted_at is null)
   and s.refresh_hash = $1
   and s.revoked_at is null
   and s.refresh_expires_at > $6
returning s.id, s.account_id
