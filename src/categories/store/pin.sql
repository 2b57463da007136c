select from categories where id = any($1) order by id for key share
