select 'category' as kind, slug, id, false as syndicatable from categories where slug = any($1)
union all
select 'publisher', slug, id, syndicatable from publishers where slug = any($2)
union all
select 'tag', slug, id, false from tags where slug = any($3)
