//! Ten thousand comments on one article, and a thread of five thousand replies.

use crate::{comments::open, support::TestApp};
use serde_json::Value;
use sosik::{
    comments::store::lists::{Place, sql},
    config::CommentSort,
    ids::{ArticleId, CommentId},
};

const ROOTS: i64 = 10_000;
const REPLIES: i64 = 5_000;

/// Every comment as long as one may be, in characters of four bytes.
async fn seed(app: &TestApp, article: ArticleId) -> CommentId {
    app.sql(&format!(
        "insert into article_threads (article_id) values ('{article}');
         create function id_at(n bigint) returns uuid language sql as $$
             select (lpad(to_hex(1760000000000 + n), 12, '0') || '7' || substr(md5(n::text), 1, 3)
                 || '8' || substr(md5(n::text), 4, 15))::uuid $$;
         insert into comments (id, article_id, root_id, path, author_name, body, status, listed, up, down,
             base_up, base_down, created_at, changed_at)
         select id_at(n), '{article}', id_at(n), '{{}}', 'kim', repeat('𝄞', 300), 'visible', true,
             n * 7919 % 97, n * 104729 % 41, n * 7919 % 97, n * 104729 % 41, now(), now()
         from generate_series(1, {ROOTS}) n;
         insert into comments (id, article_id, parent_id, root_id, path, author_name, body, status, listed,
             up, down, base_up, base_down, created_at, changed_at)
         select id_at({ROOTS} + n), '{article}', id_at(1), id_at(1), array[id_at(1)], 'kim',
             repeat('𝄞', 300), 'visible', true, n % 89, n % 37, n % 89, n % 37, now(), now()
         from generate_series(1, {REPLIES}) n;
         insert into comments (id, article_id, parent_id, root_id, path, author_name, body, status, listed,
             created_at, changed_at)
         select id_at({ROOTS} + {REPLIES} + 3 * r + n), '{article}', id_at(r), id_at(r), array[id_at(r)],
             'kim', repeat('𝄞', 300), 'visible', true, now(), now()
         from generate_series(2, {ROOTS}) r, generate_series(0, 2) n;
         update comments c set replies = n from (
             select parent_id, count(*) as n from comments where parent_id is not null group by 1) k
         where k.parent_id = c.id;
         analyze comments; analyze comment_events;"
    ))
    .await;
    serde_json::from_value(app.value("select id_at(1)").await).expect("an id")
}

/// Pages of 8 KiB that a page of the list touches, from the place after `skipped` comments on.
async fn buffers(app: &TestApp, place: Place, sort: CommentSort, skipped: i64) -> f64 {
    let key = sort.key();
    let (within, of, article) = match place {
        Place::Roots(article) => ("article_id = '{}' and parent_id is null", article.0, article),
        Place::Replies(article, comment) => ("parent_id = '{}'", comment.0, article),
    };
    let within = within.replace("{}", &of.to_string());
    let column = key.column.map_or("0", |column| column);
    let direction = if key.descending { "desc" } else { "asc" };
    let from = if skipped == 0 {
        let (key, id) = if key.descending { (i64::MAX, "f") } else { (i64::MIN, "0") };
        let id = uuid::Uuid::parse_str(&id.repeat(32)).expect("an id");
        format!("{key}, '{id}'")
    } else {
        let at = format!(
            "select jsonb_build_array({column}, id) from comments where {within} and listed
             order by {column} {direction}, id {direction} offset {} limit 1",
            skipped - 1
        );
        let at = app.value(&at).await;
        format!("{}, '{}'", at[0], at[1].as_str().expect("an id"))
    };
    let text = sql(place, &key, key.descending);
    let name = format!("p{}", uuid::Uuid::new_v4().simple());
    app.sql(&format!(
        "create function {name}() returns jsonb language plpgsql as $f$
         declare plan jsonb; begin
             execute $q$prepare {name} (uuid, text, bigint, uuid, bigint, uuid) as {text}$q$;
             for n in 1..2 loop
                 execute $q$explain (analyze, buffers, timing off, format json)
                     execute {name} ('{of}', null, {from}, 21, '{article}')$q$ into plan;
             end loop;
             return plan;
         end $f$"
    ))
    .await;
    let plan = app.value(&format!("select {name}()")).await;
    let plan = &plan[0]["Plan"];
    let blocks = |kind: &str| plan[kind].as_f64().unwrap_or(0.0);
    blocks("Shared Hit Blocks") + blocks("Shared Read Blocks")
}

#[tokio::test(flavor = "multi_thread")]
async fn any_page_of_any_order_costs_what_the_first_one_costs_and_none_is_too_large() {
    let app = open().await;
    let article = app.article().create().await;
    let root = seed(&app, article).await;
    for (name, sort) in CommentSort::ALL {
        let roots = Place::Roots(article);
        let first = buffers(&app, roots, sort, 0).await;
        for skipped in [20, ROOTS / 2, ROOTS - 25] {
            let deep = buffers(&app, roots, sort, skipped).await;
            assert!(deep <= 1.5 * first, "{name} after {skipped}: {deep} against {first}");
        }
        assert!(first < 400.0, "{name}: {first}");
    }
    for sort in [CommentSort::Oldest, CommentSort::Newest, CommentSort::Best] {
        let thread = Place::Replies(article, root);
        let first = buffers(&app, thread, sort, 0).await;
        let deep = buffers(&app, thread, sort, REPLIES - 25).await;
        assert!(deep <= 1.5 * first, "replies by {sort:?}: {deep} against {first}");
    }
    let (mut seen, mut pages) = (0, 0);
    let base = format!("/v1/articles/{article}/comments?limit=100&sort=most_replied");
    let mut path = base.clone();
    loop {
        let page = app.get(&path).await.expect(200);
        assert!(page.text.len() <= 512 * 1024, "{} bytes", page.text.len());
        assert_eq!(page.json["page"]["limit"], 100);
        seen += page.json["items"].as_array().map_or(0, Vec::len);
        pages += 1;
        match page.json["page"]["next"].as_str() {
            Some(next) if pages < 12 => path = format!("{base}&cursor={next}"),
            _ => break,
        }
    }
    assert!(seen > 600, "{seen} comments on {pages} pages");
    let prev = app.get(&path).await.expect(200);
    let back = prev.json["page"]["prev"].as_str().expect("a page before");
    let back = app.get(&format!("{base}&cursor={back}")).await.expect(200);
    assert_eq!(
        back.json["page"]["next"],
        Value::String(path.split("cursor=").nth(1).expect("a cursor").to_owned())
    );
}
