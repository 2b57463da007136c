drop table import_items;
drop table import_chunks;
drop table imports;
