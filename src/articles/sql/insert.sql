-- New articles, from an array of rows.
insert into articles
select * from jsonb_populate_recordset(null::articles, $1)
