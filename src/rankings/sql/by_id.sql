from (select * from ranking_snapshots where id = $2) s
