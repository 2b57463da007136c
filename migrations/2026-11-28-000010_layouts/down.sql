drop table page_layouts;
