# From Naver's daily ranking, one list entry a line, to the counters of one day:
#   zcat ranking.ndjson.gz | jq -c --arg date 2018-11-01 -f docs/import/counters-of-naver.jq \
#     | sosik counters import - --as-of 2018-11-02T00:00:00+09:00
# Without --arg date it takes every entry it is given. An article may stand in the lists of two
# sections with different figures: --arg section takes one of them.
select(.kind == "view" and .views != null)
| select(($ARGS.named.date // .date) == .date and ($ARGS.named.section // .section) == .section)
| {publisher: .press, external_id: .article_key, views}
