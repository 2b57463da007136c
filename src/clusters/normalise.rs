//! Text as near-duplicates share it: without what each publisher adds, and letters and digits alone.

use regex::Regex;
use std::{borrow::Cow, sync::LazyLock};
use unicode_normalization::UnicodeNormalization;

/// Longest text between brackets that is dropped, so that a bracket left open swallows nothing.
const BRACKETED: &str = r"\[[^\[\]\n]{0,120}\]|\([^()\n]{0,120}\)|<[^<>\n]{0,120}>|【[^【】\n]{0,120}】|〈[^〈〉\n]{0,120}〉";

/// `홍길동 기자 =` before the first sentence, with up to six words in front.
const DATELINE: &str = r"^\s*(?:\S+\s+){0,6}\S*(?:기자|특파원|통신원|위원)\s*=\s*";

/// `홍길동 기자 hong@daily.example`, `홍길동 기자` alone on its line, and any other address.
const BYLINE: &str = r"(?m)(?:[가-힣]{2,4}\s*(?:기자|특파원|인턴기자)\s*)?[\w.+-]+@[\w-]+(?:\.[\w-]+)+|^\s*[가-힣]{2,4}\s*(?:인턴)?기자\s*$";

/// From the mark of a copyright line to the end of its sentence.
const COPYRIGHT: &str = r"(?i)(?:©|copyright|저작권자|무단\s*전재|재배포\s*금지)[^\n.]{0,80}\.?";

/// `▶ 네이버에서 하늘일보 구독하기`: what a publisher asks of its readers.
const PROMOTION: &str = r"[▶☞►][^▶☞►\n]{0,80}";

/// In the order they are dropped, each with what must be there for it to be looked for: a search for a
/// few letters costs next to nothing.
const BOILERPLATE: [(&str, &[&str]); 5] = [
    (PROMOTION, &["▶", "☞", "►"]),
    (COPYRIGHT, &["©", "copyright", "저작권자", "무단", "재배포"]),
    (BRACKETED, &["[", "(", "<", "【", "〈"]),
    (DATELINE, &["="]),
    (BYLINE, &["@", "기자"]),
];

/// A faulty pattern finds nothing, which the tests below would tell.
static PATTERNS: LazyLock<[Option<Regex>; 5]> =
    LazyLock::new(|| BOILERPLATE.map(|(pattern, _)| Regex::new(pattern).ok()));

/// NFKC, lower case, boilerplate dropped, and of the rest `0-9`, `a-z`, Hangul and Han.
#[must_use]
pub fn normalise(text: &str) -> Vec<char> {
    stripped(text).chars().filter(|c| told(*c)).collect()
}

/// NFKC, lower case, boilerplate dropped.
fn stripped(text: &str) -> String {
    // NFKC would make a letter of it.
    let mut text: String = text.replace('ⓒ', "©").nfkc().flat_map(char::to_lowercase).collect();
    for (pattern, (_, marks)) in PATTERNS.iter().zip(BOILERPLATE) {
        if !marks.iter().any(|mark| text.contains(mark)) {
            continue;
        }
        if let Some(Cow::Owned(shorter)) = pattern.as_ref().map(|p| p.replace_all(&text, " ")) {
            text = shorter;
        }
    }
    text
}

/// Whether a character says something.
fn told(c: char) -> bool {
    matches!(c, '0'..='9' | 'a'..='z' | '가'..='힣' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

/// A headline normalised, and its numbers, each with its separators removed: `2,105.3` is `21053`. One
/// that is nothing but brackets keeps what stands in them.
#[must_use]
pub fn headline(text: &str) -> (Vec<char>, Vec<String>) {
    let stripped = stripped(text);
    let mut words: Vec<char> = stripped.chars().filter(|c| told(*c)).collect();
    if words.is_empty() {
        words = text.nfkc().flat_map(char::to_lowercase).filter(|c| told(*c)).collect();
    }
    (words, numbers(&stripped))
}

fn numbers(text: &str) -> Vec<String> {
    let text: Vec<char> = text.chars().collect();
    let mut found = vec![String::new()];
    for (n, c) in text.iter().enumerate() {
        let last = found.len() - 1;
        let digit = |at: usize| text.get(at).is_some_and(char::is_ascii_digit);
        if c.is_ascii_digit() {
            found[last].push(*c);
        } else if !(matches!(c, ',' | '.') && n > 0 && digit(n - 1) && digit(n + 1)) {
            found.push(String::new());
        }
    }
    found.retain(|number| !number.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        normalise(text).into_iter().collect()
    }

    #[test]
    fn every_pattern_compiles() {
        assert!(PATTERNS.iter().all(Option::is_some));
    }

    #[test]
    fn what_publishers_add_is_dropped() {
        let plain = "정부가 22일 새 대책을 내놨다. 시장은 조용했다.";
        for dressed in [
            format!("(서울=연합뉴스) 홍길동 기자 = {plain}"),
            format!("【서울=뉴시스】배민욱 이 율 기자 = {plain}"),
            format!("[머니투데이 박효주 기자] {plain}"),
            format!("{plain} 홍길동 기자 hong.gd@daily.example"),
            format!("{plain}\n홍길동 기자"),
            format!("{plain} <저작권자ⓒ 하늘일보, 무단 전재 및 재배포 금지>"),
            format!("{plain}\nⓒ 하늘일보 무단전재 및 재배포 금지"),
            format!("{plain} ▶ 네이버 메인에서 하늘일보를 만나보세요! ▶하늘일보 구독하기"),
            format!("{plain}\nCopyright 하늘일보 All rights reserved."),
        ] {
            assert_eq!(told(&dressed), told(plain), "{dressed}");
        }
    }

    #[test]
    fn a_bracket_left_open_swallows_nothing() {
        assert_eq!(told("정부가 (22일 새 대책을"), "정부가22일새대책을");
    }

    #[test]
    fn a_headline_of_brackets_alone_keeps_its_words() {
        assert_eq!(headline("[부고]").0.into_iter().collect::<String>(), "부고");
        assert_eq!(headline("[부고] 김하늘").0.into_iter().collect::<String>(), "김하늘");
    }

    #[test]
    fn numbers_are_read_whole() {
        assert_eq!(headline("코스피 2,105.3 마감, 0.5%↑(2보)").1, ["21053", "05"]);
    }
}
