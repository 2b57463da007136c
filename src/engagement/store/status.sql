select id, status from articles where id = any($1)
