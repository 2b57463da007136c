use super::*;
use crate::{
    clock::Timestamp,
    clusters::rule::{Why, same_report},
    ids::PublisherId,
};
use proptest::prelude::*;
use uuid::Uuid;

const HOUR: i64 = 3_600_000;

/// An article of a small world of reports.
#[derive(Debug, Clone)]
struct Report {
    id: ArticleId,
    publisher: PublisherId,
    headline: String,
    body: String,
    at: Timestamp,
}

impl Report {
    fn text(&self) -> Text<'_> {
        Text {
            publisher: self.publisher,
            headline: &self.headline,
            lede: "",
            body: &self.body,
            published_at: self.at,
        }
    }
}

/// Words that follow from a number, so that texts of different numbers share nothing.
fn words(seed: u64, count: u64) -> String {
    let syllable = |n: u64| char::from_u32(0xac00 + (n % 11_172) as u32).unwrap_or('가');
    let word = |n: u64| {
        let n = crate::clusters::grams::mix(seed * 1000 + n);
        [n, n >> 14, n >> 28, n >> 42].map(syllable).iter().collect::<String>()
    };
    (0..count).map(word).collect::<Vec<_>>().join(" ")
}

fn report() -> impl Strategy<Value = Report> {
    (any::<u128>(), 0u64..3, 0u64..4, 0u64..3, 1u64..5, 0i64..100).prop_map(
        |(id, publisher, story, title, sentences, hours)| {
            let sentences = (0..sentences).map(|n| format!("{}.", words(story * 10 + n + 1, 8)));
            Report {
                id: ArticleId(Uuid::from_u128(id)),
                publisher: PublisherId(Uuid::from_u128(publisher.into())),
                headline: format!("{} {}", words(500 + story, 3), words(600 + title, 2)),
                body: sentences.collect::<Vec<_>>().join(" "),
                at: Timestamp::from_millis(hours * HOUR),
            }
        },
    )
}

fn partition(memory: &Memory, reports: &[Report]) -> Vec<ArticleId> {
    reports.iter().map(|report| memory.leader(report.id)).collect()
}

fn fold<'a>(reports: impl IntoIterator<Item = &'a Report>) -> Memory {
    Memory::of(reports.into_iter().map(|report| (report.id, report.text())))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_order_of_arrival_changes_nothing(
        (reports, shuffled) in prop::collection::vec(report(), 1..14)
            .prop_flat_map(|list| (Just(list.clone()), Just(list).prop_shuffle())),
    ) {
        let (a, b) = (fold(&reports), fold(&shuffled));
        prop_assert_eq!(partition(&a, &reports), partition(&b, &reports));
    }

    #[test]
    fn what_is_taken_out_and_put_back_leaves_no_trace(
        reports in prop::collection::vec(report(), 2..12), at in 0usize..12,
    ) {
        let one = &reports[at % reports.len()];
        let mut memory = fold(&reports);
        let before = partition(&memory, &reports);
        memory.remove(one.id);
        let rest: Vec<_> = reports.iter().filter(|report| report.id != one.id).cloned().collect();
        prop_assert_eq!(partition(&memory, &rest), partition(&fold(&rest), &rest));
        memory.put(one.id, Sketch::of(&one.text()));
        prop_assert_eq!(partition(&memory, &reports), before);
    }

    #[test]
    fn an_edit_is_as_if_it_had_been_so_from_the_start(
        reports in prop::collection::vec(report(), 2..12), edit in report(), at in 0usize..12,
    ) {
        let mut memory = fold(&reports);
        let mut edited = reports;
        let at = at % edited.len();
        edited[at] = Report { id: edited[at].id, ..edit };
        memory.put(edited[at].id, Sketch::of(&edited[at].text()));
        prop_assert_eq!(partition(&memory, &edited), partition(&fold(&edited), &edited));
    }

    #[test]
    fn folding_what_was_folded_folds_nothing_more(reports in prop::collection::vec(report(), 1..14)) {
        let memory = fold(&reports);
        let leaders: Vec<_> =
            reports.iter().filter(|report| memory.leader(report.id) == report.id).cloned().collect();
        let again = fold(&leaders);
        prop_assert!(leaders.iter().all(|report| again.leader(report.id) == report.id));
    }

    #[test]
    fn exact_copies_are_one_story_led_by_the_first(
        one in report(), hours in prop::collection::vec(0i64..72, 1..8),
    ) {
        let copies: Vec<_> = hours
            .iter()
            .enumerate()
            .map(|(n, hour)| Report {
                id: ArticleId(Uuid::from_u128(n as u128 + 1)),
                publisher: PublisherId(Uuid::from_u128(n as u128 % 3)),
                at: Timestamp::from_millis(hour * HOUR),
                ..one.clone()
            })
            .collect();
        let memory = fold(&copies);
        let first = copies.iter().min_by_key(|copy| (copy.at, copy.id)).map(|copy| copy.id);
        prop_assert!(copies.iter().all(|copy| Some(memory.leader(copy.id)) == first));
    }

    #[test]
    fn the_rule_is_symmetric_and_holds_for_equal_texts(a in report(), b in report()) {
        let (x, y) = (Sketch::of(&a.text()), Sketch::of(&b.text()));
        prop_assert_eq!(same_report(&x, &y), same_report(&y, &x));
        prop_assert!(same_report(&x, &x).is_some());
    }

    #[test]
    fn boilerplate_changes_nothing(a in report(), b in report()) {
        let dressed = Report {
            body: format!(
                "(서울=연합뉴스) 홍길동 기자 = {} 홍길동 기자 hong@daily.example\n\
                 <저작권자ⓒ 하늘일보, 무단 전재 및 재배포 금지>",
                a.body
            ),
            headline: format!("[속보] {}(종합)", a.headline),
            ..a.clone()
        };
        let [a, b, dressed] = [&a, &b, &dressed].map(|report| Sketch::of(&report.text()));
        prop_assert_eq!(&a, &dressed);
        prop_assert_eq!(same_report(&a, &b), same_report(&dressed, &b));
    }
}

fn headline(publisher: u128, headline: &str, lede: &str, hour: i64) -> Sketch {
    Sketch::of(&Text {
        publisher: PublisherId(Uuid::from_u128(publisher)),
        headline,
        lede,
        body: "",
        published_at: Timestamp::from_millis(hour * HOUR),
    })
}

#[test]
fn weather_and_markets_of_other_days_are_other_reports() {
    for (today, tomorrow) in [
        ("[날씨] 전국 대체로 맑음…낮 기온 20도", "[날씨] 전국 대체로 맑음…낮 기온 20도 안팎"),
        (
            "중국 뒤덮은 최악 스모그…바람 바뀌자 유입",
            "[날씨] 중국 뒤덮은 최악 스모그…바람 바뀌자 유입",
        ),
        ("[오늘의 날씨] 전국 흐리고 비", "[오늘의 날씨] 전국 흐리고 비"),
        ("코스피 2,105.30 상승 마감", "코스피 2,109.10 상승 마감"),
        ("원/달러 환율 1,180원 마감", "원/달러 환율 1,182원 마감"),
        ("제861회 로또 당첨번호 조회", "제862회 로또 당첨번호 조회"),
    ] {
        let (a, b) = (
            headline(1, today, "오늘은 전국이 맑다가 밤부터 흐려지겠습니다.", 7),
            headline(1, tomorrow, "내일은 남부 지방부터 비가 내리기 시작하겠습니다.", 31),
        );
        assert_eq!(same_report(&a, &b), None, "{today} | {tomorrow}");
        let bare = (headline(1, today, "", 7), headline(1, tomorrow, "", 31));
        assert_eq!(same_report(&bare.0, &bare.1), None, "{today} | {tomorrow}");
    }
}

#[test]
fn a_market_that_opens_is_not_the_one_that_closes() {
    let a = headline(1, "코스피 2,105.30 상승 출발", "코스피가 상승 출발했다.", 9);
    let b = headline(1, "코스피 2,109.10 상승 마감", "코스피가 상승 마감했다.", 15);
    assert_eq!(same_report(&a, &b), None);
}

#[test]
fn an_update_of_the_same_publisher_is_the_same_report() {
    let a = headline(1, "한은, 기준금리 동결…석 달째(1보)", "", 9);
    let b = headline(1, "한은, 기준금리 동결…석 달째 1.75%(종합)", "한국은행이 22일 정했다.", 11);
    assert_eq!(same_report(&a, &b), Some(Why::Update));
    let later = headline(1, "한은, 기준금리 동결…석 달째(1보)", "", 34);
    assert_eq!(same_report(&later, &headline(2, "국회 본회의 열려 예산안 논의", "", 34)), None);
}

#[test]
fn nothing_is_one_report_beyond_the_reach() {
    let a = headline(1, "정부 새 주택 공급 대책 발표", "정부가 새 주택 공급 대책을 내놨다.", 0);
    let b = headline(2, "정부 새 주택 공급 대책 발표", "정부가 새 주택 공급 대책을 내놨다.", 72);
    let c = headline(2, "정부 새 주택 공급 대책 발표", "정부가 새 주택 공급 대책을 내놨다.", 73);
    assert_eq!(same_report(&a, &b), Some(Why::Title));
    assert_eq!(same_report(&a, &c), None);
}
