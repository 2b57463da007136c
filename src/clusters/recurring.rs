//! Formats that come again each day under like headlines: weather, markets, fortunes, notices.

/// The bit of weather.
pub const WEATHER: u32 = 1;

/// Words that name a format; one line, one format, weather first.
const FORMATS: [&[&str]; 10] = [
    &[
        "날씨",
        "일기예보",
        "장맛비",
        "소나기",
        "스모그",
        "미세먼지",
        "황사",
        "한파",
        "강추위",
        "폭염",
        "무더위",
        "찜통",
        "꽃샘추위",
        "기온",
        "weather",
        "forecast",
    ],
    &["코스피", "코스닥", "증시", "나스닥", "다우지수", "stocks", "kospi", "kosdaq", "nasdaq"],
    &["환율", "원달러", "원/달러", "국제유가", "금값", "exchange rate"],
    &["운세", "horoscope"],
    &["로또", "당첨번호", "lottery"],
    &["부고", "[인사]", "<인사>", "동정]", "궂긴", "obituar"],
    &["브리핑", "헤드라인", "주요뉴스", "주요 뉴스", "이 시각", "briefing", "headlines"],
    &["사설", "만평", "오늘의", "editorial", "today's"],
    &["퀴즈", "quiz", "crossword"],
    &["시청률", "박스오피스", "예매율", "box office", "ratings"],
];

/// The formats that a headline names, a bit each.
#[must_use]
pub fn formats(headline: &str) -> u32 {
    let headline = headline.to_lowercase();
    let named = |words: &[&str]| words.iter().any(|word| headline.contains(word));
    (0..FORMATS.len()).filter(|n| named(FORMATS[*n])).fold(0, |bits, n| bits | 1 << n)
}
