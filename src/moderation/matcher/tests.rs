//! Disguises are seen through, and innocent sentences are left alone.

use super::{Entry, Found, Matcher, Rule};
use crate::moderation::lexicon;
use proptest::prelude::*;

fn matcher(terms: &[&str], exceptions: &[&str]) -> Matcher {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let entry = Entry { terms: owned(terms), exceptions: owned(exceptions) };
    Matcher::compile(&[Rule { entries: vec![entry], patterns: Vec::new() }]).expect("words compile")
}

fn finds(matcher: &Matcher, text: &str) -> bool {
    !matcher.find(text).is_empty()
}

fn own() -> Matcher {
    let rules: Vec<Rule> = lexicon::groups().iter().map(lexicon::Group::rule).collect();
    Matcher::compile(&rules).expect("the lexicon compiles")
}

/// What the spans of the finds show.
fn shown(matcher: &Matcher, text: &str) -> Vec<String> {
    let word =
        |found: &Found| text.chars().skip(found.start).take(found.end - found.start).collect();
    matcher.find(text).iter().map(word).collect()
}

#[test]
fn disguises_of_words_in_rules_are_seen_through() {
    let matcher = matcher(&["시발", "개새끼", "fuck", "ass"], &["시발점"]);
    for text in [
        "아 시발 뭐야",
        "시 발",
        "시.발",
        "시1발",
        "시이이발",
        "ㅅㅣㅂㅏㄹ",
        "ㅅ1발",
        "ㅅ ㅣ ㅂ ㅏ ㄹ",
        "^ㅣ발",
        "tlqkf 뭐냐",
        "개 새 끼",
        "개♥새♥끼",
        "ㄱH새끼",
        "7H새끼야",
        "f.u.c.k",
        "ＦＵＣＫ",
        "fuuuuuck",
        "𝕗𝕦𝕔𝕜",
        "fцck ѕhіt аѕѕ",
        "a$$",
        "assssss",
    ] {
        assert!(finds(&matcher, text), "{text}");
    }
    for text in [
        "다시 발생한",
        "도시 발전",
        "그 일의 시발점이 되었다",
        "시 발표회",
        "classic",
        "as said",
        "bass",
        "10시 발차",
    ] {
        assert!(!finds(&matcher, text), "{text}");
    }
}

#[test]
fn spans_show_what_was_written() {
    let matcher = matcher(&["시발", "fuck"], &[]);
    assert_eq!(
        shown(&matcher, "와 시\u{200B}.발 ＦＵ\u{301}ＣＫ!"),
        ["시\u{200B}.발", "ＦＵ\u{301}ＣＫ"]
    );
    assert_eq!(shown(&matcher, "이런 ㅅㅣㅂㅏㄹ!"), ["ㅅㅣㅂㅏㄹ"]);
    assert_eq!(shown(&matcher, "시1발"), ["시1발"]);
}

#[test]
fn short_words_are_whole_words_unless_a_rule_says_otherwise() {
    let whole = matcher(&["년", "cat"], &[]);
    assert!(finds(&whole, "저 년이 cats"));
    assert!(!finds(&whole, "2018년 소년들이 concatenate"));
    let open = matcher(&["*좆*", "*cat*", "=병자"], &[]);
    assert!(finds(&open, "개좆같네") && finds(&open, "concatenate") && finds(&open, "병자는"));
    assert!(!finds(&open, "정치병자"));
}

#[test]
fn exceptions_cover_a_find_or_its_beginning() {
    let matcher = matcher(&["새끼", "년들"], &["새끼줄", "새끼 고양이", "소년", "청년"]);
    for text in ["이 새끼줄은", "새끼고양이", "새끼 고양이", "소년들과 청년들"]
    {
        assert!(!finds(&matcher, text), "{text}");
    }
    assert!(finds(&matcher, "이 새끼 줄어라") && finds(&matcher, "저 년들"));
}

#[test]
fn signs_and_pictures_are_words_too() {
    let matcher = matcher(&["🖕", "凸", "ㅗ"], &[]);
    assert!(finds(&matcher, "너 🖕🏽") && finds(&matcher, "凸") && finds(&matcher, "ㅗ"));
    assert!(!finds(&matcher, "오"));
}

#[test]
fn numbers_of_persons_are_found_and_others_are_not() {
    let own = own();
    for text in [
        "번호는 900101-1234567입니다",
        "연락주세요 010-1234-5678",
        "０１０.1234.5678",
        "O10 1234 5678",
        "국민 123456-01-123456 입금",
        "me@portal.example.kr 로",
        "텔레그램: @money_99",
    ] {
        assert!(finds(&own, text), "{text}");
    }
    for text in
        ["코스피 2,010.12로 마감", "2010-2018년", "1588-1234", "20180101", "010으로 시작하는"]
    {
        assert!(!finds(&own, text), "{text}");
    }
}

#[test]
fn innocent_sentences_give_nothing() {
    let own = own();
    let sentences = include_str!("innocent.txt").lines().filter(|line| !line.starts_with('#'));
    for text in sentences {
        assert_eq!(shown(&own, text), [""; 0], "{text}");
    }
}

proptest! {
    #[test]
    fn what_shows_nothing_hides_nothing(
        word in prop::sample::select(vec!["시발", "개새끼", "병신", "지랄", "fuck", "nigger", "ㅅㅂ"]),
        strewn in prop::collection::vec(prop::sample::select(vec!['\u{200B}', '\u{AD}', '\u{2060}', '\u{FE0F}', '\u{301}', '\u{3164}']), 1..6),
        seed in any::<usize>(),
    ) {
        let mut letters: Vec<char> = word.chars().collect();
        for (at, c) in strewn.iter().enumerate() {
            letters.insert(1 + seed.wrapping_mul(at + 1) % (letters.len() - 1), *c);
        }
        let word: String = letters.iter().collect();
        let found = shown(&own(), &format!("아 {word} 진짜"));
        prop_assert_eq!(found, vec![word]);
    }

    #[test]
    fn finds_lie_inside_the_text(text in any::<String>()) {
        let length = text.chars().count();
        for found in matcher(&["a", "1", "ㅅㅂ", "가"], &[]).find(&text) {
            prop_assert!(found.start < found.end && found.end <= length);
        }
    }
}
