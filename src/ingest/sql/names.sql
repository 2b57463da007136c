select 'publisher' as kind, slug, id, syndicatable from publishers where slug = any($1)
union all
select 'category', slug, id, false from categories where slug = any($2)
