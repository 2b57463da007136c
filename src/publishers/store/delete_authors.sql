delete from authors
where publisher_id = $1
  and not exists (select from articles where articles.publisher_id = $1)
