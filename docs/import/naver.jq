# From Naver's news records, one JSON object a line, to the import shape:
#   zcat articles.ndjson.gz | jq -c -f docs/import/naver.jq | sosik import -

# At most $max code points, with an ellipsis where something is missing.
def cut($max): if length > $max then .[:$max - 1] + "…" else . end;

(.lead // "") as $lead
| (.title // "") as $title
| {
    publisher: .press,
    external_id: .article_key,
    category: .sections[0],
    headline: ($title | cut(200)),
    deck: (if $lead == "" then null else $lead | cut(300) end),
    language: "ko",
    rights: {syndicatable: false},
    status: "published",
    published_at: "\(.first_date)T00:00:00+09:00",
    # There is no text but the lead.
    body: [{type: "paragraph", text: (if $lead == "" then $title else $lead end)}]
  }
