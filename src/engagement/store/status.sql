-- By joining and not by `any`, whose plan for any number of ids looks through them row by row.
select a.id, a.status from unnest($1) as asked (id) join articles a using (id)
