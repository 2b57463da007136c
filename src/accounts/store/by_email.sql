select a.id, a.display_name, a.email, a.password_hash, a.issuer, a.roles, a.created_at,
       (select max(s.until) from sanctions s
         where s.account_id = a.id and s.kind = 'suspend' and s.lifted_at is null and s.until > $2) as suspended_until,
       exists (select from sanctions s
                where s.account_id = a.id and s.kind = 'ban' and s.lifted_at is null) as banned
  from accounts a
 where a.email = $1
   and a.erased_at is null
