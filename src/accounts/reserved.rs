//! Names that only the staff may have. Pure.

use crate::text::skeleton;
use std::sync::LazyLock;

/// Words that stand in no reader's name.
const ANYWHERE: [&str; 14] = [
    "운영자",
    "관리자",
    "운영팀",
    "관리팀",
    "운영진",
    "관리진",
    "편집국",
    "편집장",
    "편집자",
    "모더레이터",
    "고객센터",
    "admin",
    "moderator",
    "sosik",
];

/// Words that no reader's name is, or ends with.
const AT_THE_END: [&str; 12] = [
    "기자",
    "소식",
    "편집부",
    "뉴스룸",
    "editor",
    "editors",
    "staff",
    "official",
    "support",
    "system",
    "newsroom",
    "webmaster",
];

/// Names of nobody.
const WHOLE: [&str; 6] = ["root", "null", "undefined", "anonymous", "익명", "탈퇴한사용자"];

/// The lists of this file, folded as names are.
static FOLDED: LazyLock<[Vec<String>; 3]> = LazyLock::new(|| {
    let folded = |words: &[&str]| words.iter().map(|word| skeleton(word)).collect();
    [folded(&ANYWHERE), folded(&AT_THE_END), folded(&WHOLE)]
});

/// Whether a name that folds to `key` could be taken for one of the staff. `more` are words that an
/// operator adds to those that stand in no name.
#[must_use]
pub fn is_reserved(key: &str, more: &[String]) -> bool {
    let [anywhere, at_the_end, whole] = &*FOLDED;
    let added = || more.iter().map(|word| skeleton(word)).filter(|word| !word.is_empty());
    anywhere.iter().any(|word| key.contains(word))
        || at_the_end.iter().any(|word| key.ends_with(word))
        || whole.iter().any(|word| key == word)
        || added().any(|word| key.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_be_the_staffs_are_reserved() {
        for name in [
            "운영자",
            "소식 운영자",
            "ㅇㅜㄴ영자",
            "관 리 자",
            "Аdmіn",
            "adrnin1",
            "S0SIK",
            "홍길동 기자",
            "M0derator",
            "탈퇴한 사용자",
            "편집자",
            "eDitor",
        ] {
            assert!(is_reserved(&skeleton(name), &[]), "{name}");
        }
        for name in ["기자회견", "소식통", "admi", "한강", "Rooter", "edit", "운영"] {
            assert!(!is_reserved(&skeleton(name), &[]), "{name}");
        }
        assert!(is_reserved(&skeleton("하늘일보 독자"), &["하늘일보".to_owned(), String::new()]));
    }
}
