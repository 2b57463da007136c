//! What one client or network cannot do to a board, and that a board says what its events say.

use crate::support::TestApp;
use serde_json::Value;
use sosik::{
    clock::Timestamp,
    engagement::{
        event::{Event, Kind, Origin},
        round::Round,
    },
    ids::ArticleId,
    rankings::refresh,
    replay::{self, log},
};
use std::{collections::HashMap, sync::Arc};

/// Writes events as the server does, in rounds.
async fn write(app: &TestApp, events: &[Event]) {
    for events in events.chunks(4096) {
        let round = Arc::new(Round {
            id: uuid::Uuid::now_v7(),
            events: events.to_vec(),
            zone: app.settings.zone(),
            network_cap: app.settings.views.network_cap,
            now: app.clock.now(),
        });
        round.write(&app.pool).await.expect("a round");
    }
}

fn view(article: ArticleId, at: Timestamp, visitor: i64, network: i64, origin: Origin) -> Event {
    Event { kind: Kind::View, article, at, refusal: None, visitor, network, origin }
}

async fn refresh_at(app: &TestApp, at: Timestamp) {
    app.clock.set(at);
    refresh::once(&app.pool, at, at, &app.settings).await.expect("a round").expect("alone");
}

async fn board(app: &TestApp, path: &str) -> Vec<(ArticleId, f64)> {
    let reply = app.get(&format!("/v1/rankings/{path}")).await.expect(200);
    let item = |item: &Value| {
        let id = serde_json::from_value(item["article"]["id"].clone()).expect("an id");
        (id, item["score"].as_f64().expect("a score"))
    };
    reply.json["items"].as_array().expect("items").iter().map(item).collect()
}

/// What was usual: 60 readers of each article twenty hours before `start`, each of another network.
fn usual(articles: &[ArticleId], start: Timestamp) -> Vec<Event> {
    let each = articles.iter().enumerate().flat_map(|(n, article)| {
        (0i64..60).map(move |reader| {
            let at = start.plus_seconds(reader * 50 - 20 * 3600);
            let who = 500_000 + reader * 100 + n as i64;
            view(*article, at, who, who, Origin::Elsewhere)
        })
    });
    each.collect()
}

/// Eleven articles, the first ten read by 30 to 120 readers, each of another network, in one hour, and
/// the day before as usual.
async fn read(app: &TestApp, start: Timestamp) -> Vec<ArticleId> {
    let mut articles = Vec::new();
    for _ in 0..11 {
        articles.push(app.article().published(2000).create().await);
    }
    let mut events = usual(&articles[..10], start);
    for (n, article) in (0i64..10).zip(&articles) {
        for reader in 0..30 + 10 * n {
            let at = start.plus_seconds(60 + (reader * 37 + n * 11) % 3400);
            events.push(view(*article, at, reader, 1000 * n + reader, Origin::Elsewhere));
        }
    }
    events.sort_by_key(|event| event.at);
    write(app, &events).await;
    articles
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_a_client_nor_a_network_lifts_a_dead_article_among_what_is_read() {
    let app = TestApp::new().await;
    let start = app.clock.now();
    let articles = read(&app, start).await;
    let dead = articles[10];
    // A hundred thousand views of one network, each from a client of its own, which is the best it can do.
    let stuffed: Vec<_> = (0i64..100_000)
        .map(|n| {
            let at = start.plus_seconds(60 + n * 3400 / 100_000);
            view(dead, at, 1_000_000 + n, 77, Origin::Elsewhere)
        })
        .collect();
    write(&app, &stuffed).await;
    // And the same from one client, which counts twice in an hour.
    let one: Vec<_> = (0i64..4096)
        .map(|n| view(dead, start.plus_seconds(60 + n / 2), 5, 88, Origin::Elsewhere))
        .collect();
    write(&app, &one).await;
    refresh_at(&app, start.plus_minutes(60)).await;
    for path in ["most_viewed", "popular", "trending"] {
        let places = board(&app, path).await;
        let place = places.iter().position(|(article, _)| *article == dead);
        assert!(place.is_none_or(|place| place >= 10), "{path}: {places:?}");
    }
    assert_eq!(
        board(&app, "most_viewed").await[0],
        (articles[9], 120.0),
        "others are as they were"
    );
    let counted = app.value("select views from article_counters order by views desc limit 1").await;
    assert_eq!(counted, 100_002, "each client counts, the one that repeats once in each half-hour");
}

#[tokio::test(flavor = "multi_thread")]
async fn views_that_came_from_a_board_leave_it_as_it_was() {
    let app = TestApp::new().await;
    let start = app.clock.now();
    let articles = read(&app, start).await;
    refresh_at(&app, start.plus_minutes(60)).await;
    let boards = async || {
        let mut lists = Vec::new();
        for path in ["most_viewed", "popular", "trending"] {
            lists.push(board(&app, path).await);
        }
        lists
    };
    let before = boards().await;
    for (origin, own) in [(Origin::MostViewed, 0usize), (Origin::Popular, 1), (Origin::Trending, 2)]
    {
        // From as many networks as there are views, upwards from the last.
        let sent: Vec<_> = (0i64..10_000)
            .map(|n| {
                let reader = 2_000_000 + own as i64 * 100_000 + n;
                view(articles[1], start.plus_seconds(60 + n % 3400), reader, reader, origin)
            })
            .collect();
        write(&app, &sent).await;
        refresh_at(&app, start.plus_minutes(60)).await;
        let after = boards().await;
        if own == 0 {
            assert_eq!(after[0], before[0], "most_viewed");
        }
        assert!(after[(own + 1) % 3] != before[(own + 1) % 3], "others take them: {origin:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_pushes_another_down_by_making_its_views_look_one_sided() {
    let app = TestApp::new().await;
    let start = app.clock.now();
    let articles = read(&app, start).await;
    let first = articles[9];
    let mut sent = Vec::new();
    for n in 0i64..20_000 {
        let origin = if n % 7 == 0 { Origin::Elsewhere } else { Origin::MostViewed };
        sent.push(view(
            first,
            start.plus_seconds(60 + n * 3400 / 20_000),
            3_000_000 + n,
            99,
            origin,
        ));
    }
    write(&app, &sent).await;
    refresh_at(&app, start.plus_minutes(60)).await;
    for path in ["most_viewed", "popular"] {
        let top = board(&app, path).await[0];
        assert!(top.0 == first && (path == "popular" || top.1 >= 120.0), "{path}: {top:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_live_is_what_a_replay_of_the_same_events_says() {
    let app = TestApp::new().await;
    let start = app.clock.now().start_of_hour(&app.settings.zone());
    let mut articles = Vec::new();
    let mut published = HashMap::new();
    for n in 0..12 {
        let at = app.clock.now().plus_minutes(-2000 - n);
        let id = app.article().published(2000 + n).create().await;
        published.insert(id, at);
        articles.push(id);
    }
    let mut events = usual(&articles[..11], start);
    // Each reader of another network, so that no cap is reached; a surge of the last article.
    for n in 0i64..1500 {
        let pick = if n > 1200 { 11 } else { (n * n + 7 * n) as usize % 11 };
        let at = start.plus_seconds(n * 2 + 1);
        events.push(view(articles[pick], at, n, n, Origin::Elsewhere));
    }
    write(&app, &events).await;
    let now = start.plus_minutes(60);
    refresh_at(&app, now).await;
    let log: Vec<_> = events
        .iter()
        .map(|e| log::Event { at: e.at, article: e.article, kind: log::Kind::View, times: 1.0 })
        .collect();
    let replayed = replay::boards_at(&log, &published, now, &app.settings.zone());
    for (path, key) in [
        ("most_viewed?window=1h&fold=none&limit=100", "most_viewed 1h"),
        ("most_viewed?window=24h&fold=none&limit=100", "most_viewed 24h"),
        ("popular?fold=none&limit=100", "popular"),
        ("trending?fold=none&limit=100", "trending"),
    ] {
        let live = board(&app, path).await;
        // What has faded below a hundredth is over.
        let replayed: Vec<_> = replayed[key].iter().filter(|c| c.score >= 0.01).collect();
        let ids = |of: &mut dyn Iterator<Item = ArticleId>| of.collect::<Vec<_>>();
        let (a, b) = (
            ids(&mut live.iter().map(|(id, _)| *id)),
            ids(&mut replayed.iter().map(|candidate| candidate.article)),
        );
        assert_eq!(a, b, "{key}");
        for ((_, score), candidate) in live.iter().zip(&replayed) {
            let error = (score - candidate.score).abs() / score.abs().max(1.0);
            assert!(error <= 1e-9, "{key}: {score} {}", candidate.score);
        }
        assert!(!live.is_empty(), "{key}");
    }
}
