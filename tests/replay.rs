//! `sosik replay` on small logs made here from fixed seeds: the whole command, as an operator runs it.

use flate2::{Compression, write::GzEncoder};
use jiff::tz::TimeZone;
use sosik::{
    clock::Timestamp,
    ids::ArticleId,
    rankings::order::Candidate,
    replay::{
        boards_at,
        clicks::{self, Rules},
        lists::List,
        log::{Event, Kind, Log, article},
    },
};
use std::{
    collections::{BTreeMap, HashMap},
    fs,
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

/// Midnight in Seoul.
const START: i64 = 1_795_791_600_000;

/// A generator of numbers that are always the same (xorshift, Marsaglia 2003).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// In 0..1.
    fn part(&mut self) -> f64 {
        (self.roll() >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// What a reader was shown and clicked: minutes since the start, articles by number.
struct Impression {
    minute: i64,
    shown: Vec<usize>,
    clicked: Vec<usize>,
}

/// Two days of a small portal: an article every half-hour, some far more wanted than others, each
/// wanted half as much after three hours; readers come by day.
fn portal(seed: u64) -> Vec<Impression> {
    let mut dice = Dice(seed);
    let wanted: Vec<f64> = (0..96).map(|_| dice.part().powi(6) + 0.01).collect();
    let mut impressions = Vec::new();
    for minute in 60..2 * 1440 {
        let hour = (minute / 60) % 24;
        if dice.part() > if (7..23).contains(&hour) { 0.35 } else { 0.06 } {
            continue;
        }
        let out = usize::try_from(minute / 30).expect("a number");
        let appeal = |i: usize| wanted[i] * (-((minute - 30 * i as i64) as f64) / 180.0).exp2();
        let total: f64 = (0..=out).map(appeal).sum();
        let draw = |dice: &mut Dice| {
            let mut left = dice.part() * total;
            (0..=out).find(|i| {
                left -= appeal(*i);
                left < 0.0
            })
        };
        let clicked: Vec<_> = (0..1 + dice.roll() % 2).filter_map(|_| draw(&mut dice)).collect();
        impressions.push(Impression { minute, shown: vec![out], clicked });
    }
    impressions
}

fn name(i: usize) -> String {
    format!("N{i}")
}

fn ndjson(impressions: &[Impression]) -> String {
    let line = |impression: &Impression| {
        let names = |ids: &[usize]| ids.iter().map(|i| name(*i)).collect::<Vec<_>>();
        let at = Timestamp::from_millis(START).plus_minutes(impression.minute);
        let row = serde_json::json!({
            "time": at, "shown": names(&impression.shown), "clicked": names(&impression.clicked),
        });
        row.to_string() + "\n"
    };
    impressions.iter().map(line).collect()
}

/// The same as a log, moved by so many minutes.
fn log(impressions: &[Impression], by: i64) -> Log {
    let mut log = Log::default();
    for impression in impressions {
        let at = Timestamp::from_millis(START).plus_minutes(impression.minute + by);
        impression.shown.iter().for_each(|i| log.appear(article(&name(*i)), at));
        for i in &impression.clicked {
            log.push(Event { at, article: article(&name(*i)), kind: Kind::View, times: 1.0 });
        }
    }
    log.sort();
    log
}

fn shuffle<T>(list: &mut [T], seed: u64) {
    let mut dice = Dice(seed);
    for i in (1..list.len()).rev() {
        list.swap(i, usize::try_from(dice.roll() % (i as u64 + 1)).expect("small"));
    }
}

/// Runs the command with `input` as its standard input, where no server could start.
fn sosik(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sosik"))
        .arg("replay")
        .args(arguments)
        .env("SOSIK_CONFIG", "/nowhere/sosik.toml")
        .env("SOSIK_BIND", "not an address")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command");
    // A command that fails early leaves its input unread.
    let _ = child.stdin.take().expect("its input").write_all(input);
    child.wait_with_output().expect("its end")
}

fn printed(arguments: &[&str], input: &[u8]) -> String {
    let output = sosik(arguments, input);
    let fault = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{fault}");
    assert_eq!(fault, "", "nobody watches: no progress is told");
    String::from_utf8(output.stdout).expect("text")
}

/// Compares with a committed text; `UPDATE=1` writes it.
fn assert_is_committed(printed: &str, file: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/replay").join(file);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, printed).expect("written");
    }
    assert_eq!(printed, fs::read_to_string(&path).expect("the committed text"), "{file}");
}

#[test]
fn the_table_of_a_click_log_is_the_committed_one() {
    let text = ndjson(&portal(1));
    let table = printed(&["--format", "mind", "-"], text.as_bytes());
    assert_is_committed(&table, "mind.txt");
}

#[test]
fn a_packed_file_and_its_lines_in_any_order_say_the_same() {
    let mut impressions = portal(1);
    let table = printed(&["--format", "mind", "-"], ndjson(&impressions).as_bytes());
    shuffle(&mut impressions, 7);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log.ndjson.gz");
    let mut file = GzEncoder::new(fs::File::create(&path).expect("a file"), Compression::fast());
    file.write_all(ndjson(&impressions).as_bytes()).expect("written");
    file.finish().expect("finished");
    let packed = printed(&["--format", "mind", path.to_str().expect("text")], b"");
    assert_eq!(packed, table);
}

#[test]
fn json_tells_the_figures_of_the_table() {
    let text = ndjson(&portal(1));
    let json = printed(&["--format", "mind", "--json", "-"], text.as_bytes());
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let lists = json["lists"].as_array().expect("lists");
    let names: Vec<_> = lists.iter().filter_map(|row| row["list"].as_str()).collect();
    assert_eq!(names, List::all().map(List::name).collect::<Vec<_>>());
    let of =
        |name: &str| lists.iter().find(|row| row["list"] == name).expect("a row")["HR@10"].as_f64();
    assert!(of("popular") > of("last-24h") && of("trending") > of("last-24h"), "{json}");
    assert_eq!(json["overlap"]["on_page"], 0.0);
}

#[test]
fn a_longer_warm_up_judges_fewer_clicks() {
    let text = ndjson(&portal(1));
    let clicks = |warm_up: &str| {
        let arguments = ["--format", "mind", "--json", "--warm-up", warm_up, "-"];
        let json: serde_json::Value =
            serde_json::from_str(&printed(&arguments, text.as_bytes())).expect("JSON");
        json["lists"][0]["clicks"].as_f64().expect("a number")
    };
    let all: usize = portal(1).iter().map(|impression| impression.clicked.len()).sum();
    assert!((clicks("0s") - all as f64).abs() < 1e-9);
    assert!(clicks("36h") < clicks("24h") && clicks("2400h").abs() < 1e-9);
}

#[test]
fn growth_is_foretold_from_cumulative_counts() {
    let mut dice = Dice(3);
    let item = |n: u64, dice: &mut Dice| {
        let pace = dice.part().powi(4) * 30.0;
        let late = dice.roll() % 20;
        let mut total = 0.0;
        let counts: Vec<i64> = (0..40u64)
            .map(|slice| {
                total += pace * dice.part() * (-(slice as f64) / 20.0).exp2();
                if slice < late { -1 } else { total as i64 }
            })
            .collect();
        serde_json::json!({ "item": n, "platform": "A", "cumulative_20min": counts }).to_string()
    };
    let lines: Vec<_> = (0..80).map(|n| item(n, &mut dice)).collect();
    let table = printed(&["--format", "uci", "--warm-up", "3h", "-"], lines.join("\n").as_bytes());
    assert_is_committed(&table, "uci.txt");
}

#[test]
fn lists_of_a_day_are_ranked_and_folded() {
    let place = |rank: u32, title: &str, views: u32| {
        serde_json::json!({
            "date": "2026-11-22", "section": "경제", "kind": "view", "rank": rank, "title": title,
            "lead": "", "press": "가", "views": views, "comments": null, "article_key": format!("k{rank}"),
        })
        .to_string()
    };
    let day = [
        place(1, "환율 석 달 만에 1,300원 아래로", 900),
        place(2, "[속보] 환율 석 달 만에 1,300원 아래로", 800),
        place(3, "가을배추 값 작년보다 낮아", 700),
        place(4, "지하철 막차 시간 늦춘다", 700),
    ]
    .join("\n");
    let table = printed(&["--format", "naver", "-"], day.as_bytes());
    assert_is_committed(&table, "naver.txt");
    let other = printed(&["--format", "naver", "--day", "2026-11-23", "-"], day.as_bytes());
    assert!(other.starts_with("lists 0, places 0"), "{other}");
}

#[test]
fn what_cannot_be_read_is_told_and_nothing_is_printed() {
    let refused = |arguments: &[&str], input: &str| {
        let output = sosik(arguments, input.as_bytes());
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
        String::from_utf8(output.stderr).expect("text")
    };
    assert!(refused(&["--format", "mind", "-"], "\n{}").contains("-: line 2: missing field"));
    assert!(refused(&["--format", "uci", "-"], "").contains("holds no item"));
    assert!(refused(&["--format", "naver", "/nowhere/log"], "").contains("/nowhere/log"));
    assert!(
        refused(&["--format", "mind", "--warm-up", "soon", "-"], "").contains("--warm-up soon")
    );
    assert!(refused(&["--format", "mind", "--time-zone", "Mars", "-"], "").contains("--time-zone"));
}

fn rules() -> Rules {
    let zone = TimeZone::get("Asia/Seoul").expect("a zone");
    Rules { warm_up: jiff::SignedDuration::from_hours(24), zone }
}

#[test]
fn moving_all_times_changes_no_figure() {
    let impressions = portal(2);
    let here = clicks::judge(&log(&impressions, 0), &rules(), |_| ());
    // Whole hours, because one board counts hours of the clock.
    for by in [60, -60 * 24 * 365, 60 * 24 * 365 * 20 + 60 * 7] {
        let there = clicks::judge(&log(&impressions, by), &rules(), |_| ());
        for ((list, one), (_, two)) in here.rows.iter().zip(&there.rows) {
            for (a, b) in one.figures().iter().zip(two.figures()) {
                assert!((a - b).abs() < 1e-9, "{} moved by {by} minutes", list.name());
            }
        }
        assert!((here.overlap - there.overlap).abs() < 1e-9);
    }
}

/// Views, shares and reactions of two days, many at one moment.
fn events(seed: u64) -> Vec<Event> {
    let mut dice = Dice(seed);
    let mut events = Vec::new();
    for impression in portal(seed) {
        let at = Timestamp::from_millis(START).plus_minutes(impression.minute / 10 * 10);
        for i in impression.clicked {
            let kind = [Kind::View, Kind::View, Kind::View, Kind::Share, Kind::Reaction];
            let kind = kind[usize::try_from(dice.roll() % 5).expect("small")];
            events.push(Event { at, article: article(&name(i)), kind, times: 1.0 });
        }
    }
    events
}

fn published(events: &[Event]) -> HashMap<ArticleId, Timestamp> {
    let mut published = HashMap::new();
    for event in events {
        let at = published.entry(event.article).or_insert(event.at);
        *at = event.at.min(*at);
    }
    published
}

fn boards(events: &[Event], hours: i64) -> BTreeMap<&'static str, Vec<Candidate>> {
    let now = Timestamp::from_millis(START).plus_minutes(60 * hours);
    boards_at(events, &published(events), now, &rules().zone)
}

#[test]
fn the_order_of_events_changes_no_board() {
    let mut shuffled = events(5);
    let before: Vec<_> = [20, 33, 48].map(|hours| boards(&shuffled, hours)).into();
    assert!(before.iter().flatten().all(|(_, list)| !list.is_empty()), "{before:?}");
    for seed in 1..6 {
        shuffle(&mut shuffled, seed);
        let after: Vec<_> = [20, 33, 48].map(|hours| boards(&shuffled, hours)).into();
        assert_eq!(after, before);
    }
}

#[test]
fn boards_know_nothing_of_what_comes_at_their_moment_or_later() {
    let all = events(6);
    let now = Timestamp::from_millis(START).plus_minutes(60 * 30);
    let past: Vec<_> = all.iter().filter(|event| event.at < now).copied().collect();
    let published = published(&all);
    let at = |events: &[Event]| boards_at(events, &published, now, &rules().zone);
    assert_eq!(at(&past), at(&all));
}

#[test]
fn a_share_lifts_what_is_popular_and_leaves_what_is_viewed() {
    let mut events = events(8);
    let before = boards(&events, 33);
    let last = before["popular"].last().expect("a place").article;
    let at = Timestamp::from_millis(START).plus_minutes(60 * 33 - 1);
    events.push(Event { at, article: last, kind: Kind::Share, times: 1.0 });
    let after = boards(&events, 33);
    let score = |boards: &BTreeMap<_, Vec<Candidate>>| {
        boards["popular"].iter().find(|c| c.article == last).map(|c| c.score)
    };
    assert!(score(&after) > score(&before));
    assert_eq!(after["most_viewed 24h"], before["most_viewed 24h"]);
    assert_eq!(after["trending"], before["trending"]);
}
