drop table listings;
drop table article_corrections;
drop table article_revisions;
drop table article_slugs;
drop table article_bodies;
drop table articles;
