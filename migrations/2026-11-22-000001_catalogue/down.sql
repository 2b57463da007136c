drop table tags;
drop table authors;
drop table category_ancestors;
drop table categories;
drop table publishers;
