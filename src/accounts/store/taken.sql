select coalesce(email = $1, false) as has_email, roles <> '{}' as is_staff
  from accounts
 where (email = $1 or name_key = $2)
   and id is distinct from $3
 limit 2
