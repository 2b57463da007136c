select l.id as session_id, a.id, a.display_name, a.email, a.password_hash, a.issuer, a.roles, a.created_at,
       (select max(s.until) from sanctions s
         where s.account_id = a.id and s.kind = 'suspend' and s.lifted_at is null and s.until > $2) as suspended_until,
       exists (select from sanctions s
                where s.account_id = a.id and s.kind = 'ban' and s.lifted_at is null) as banned
  from sessions l join accounts a on a.id = l.account_id
 where l.access_hash = $1
   and l.access_expires_at > $2
   and l.revoked_at is null
   and a.erased_at is null
