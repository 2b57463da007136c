drop table ranking_rounds;
drop table ranking_snapshots;
