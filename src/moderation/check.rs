//! What no field of a rule says by itself. Pure.

use super::{
    matcher::{self, PatternFault, TermFault},
    model::rule::{NewKind, PATTERNS_MAX, RuleInput, VARIANTS_MAX, WORDS_MAX},
};
use crate::error::{Broken, Faults, Message};

impl Broken for TermFault {
    fn code(&self) -> &'static str {
        match self {
            Self::Nothing => "invisible_text",
            Self::TooLong => "too_long",
            Self::Brackets => "invalid",
        }
    }
    fn detail_ko(&self) -> String {
        match self {
            Self::Nothing => "찾을 수 있는 글자가 없습니다.".into(),
            Self::TooLong => format!("{}자를 넘습니다.", matcher::TERM_MAX),
            Self::Brackets => "대괄호를 읽을 수 없거나 너무 많은 단어를 뜻합니다.".into(),
        }
    }
}

impl Broken for PatternFault {
    fn code(&self) -> &'static str {
        match self {
            Self::TooLong => "too_long",
            Self::Syntax => "invalid",
            Self::TooLarge => "too_large",
            Self::Empty => "empty",
        }
    }
    fn detail_ko(&self) -> String {
        match self {
            Self::TooLong => format!("{}자를 넘습니다.", matcher::PATTERN_MAX),
            Self::Syntax => {
                "정규식이 아니거나 쓸 수 없는 문법(전후방 탐색, 역참조)이 있습니다.".into()
            }
            Self::TooLarge => "컴파일하면 너무 커집니다.".into(),
            Self::Empty => "빈 글과 일치합니다.".into(),
        }
    }
}

/// Checks the words or patterns of a rule.
///
/// # Errors
/// A fault for each that cannot be looked for, and when there are none or too many.
pub fn rule(input: &RuleInput, at: &str) -> Result<(), Faults> {
    let mut faults = Faults::default();
    let most = if input.kind == NewKind::Words { WORDS_MAX } else { PATTERNS_MAX };
    let exceptions = if input.kind == NewKind::Words { WORDS_MAX } else { 0 };
    count(input.terms.len(), 1, most, format!("{at}/terms"), &mut faults);
    count(input.exceptions.len(), 0, exceptions, format!("{at}/exceptions"), &mut faults);
    faults.or(())?;
    let mut faults = Faults::default();
    let mut variants = 0;
    for (name, terms) in [("terms", &input.terms), ("exceptions", &input.exceptions)] {
        for (n, term) in terms.iter().enumerate() {
            let at = format!("{at}/{name}/{n}");
            match input.kind {
                _ if term.chars().any(char::is_control) => faults.push(
                    at,
                    "control_characters",
                    Message::new(
                        "Must not contain control characters.",
                        "제어 문자를 쓸 수 없습니다.",
                    ),
                ),
                NewKind::Words => match matcher::check_term(term) {
                    Ok(more) => variants += more,
                    Err(fault) => push(&mut faults, at, &fault),
                },
                NewKind::Pattern => {
                    if let Err(fault) = matcher::check_pattern(term) {
                        push(&mut faults, at, &fault);
                    }
                }
            }
        }
    }
    count(variants, 0, VARIANTS_MAX, format!("{at}/terms"), &mut faults);
    faults.or(())
}

fn push(faults: &mut Faults, at: String, fault: &impl Broken) {
    let mut detail = fault.to_string();
    if let Some(first) = detail.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    faults.push(at, fault.code(), Message::new(detail + ".", fault.detail_ko()));
}

fn count(n: usize, least: usize, most: usize, at: String, faults: &mut Faults) {
    if n < least {
        let detail = Message::new("Must not be empty.", "비워 둘 수 없습니다.");
        faults.push(at, "empty", detail);
    } else if n > most {
        let detail = Message::new(
            format!("At most {most}, was {n}."),
            format!("최대 {most}개까지 쓸 수 있습니다. 현재 {n}개입니다."),
        );
        faults.push(at, "too_many", detail);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{comments::model::ReasonCode, moderation::model::rule::Action};

    fn codes(kind: NewKind, terms: &[&str], exceptions: &[&str]) -> Vec<(String, &'static str)> {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let input = RuleInput {
            name: "name".into(),
            kind,
            action: Action::Hold,
            reason_code: ReasonCode::Spam,
            terms: owned(terms),
            exceptions: owned(exceptions),
            enabled: true,
            publisher: None,
        };
        let faults = rule(&input, "").err().unwrap_or_default();
        faults.0.into_iter().map(|fault| (format!("{:?}", fault.place), fault.code)).collect()
    }

    #[test]
    fn each_fault_points_at_its_word() {
        let told = codes(NewKind::Words, &["꽃배달", "[", "\u{200B}"], &["\u{1}"]);
        let codes_alone: Vec<_> = told.iter().map(|(_, code)| *code).collect();
        assert_eq!(codes_alone, ["invalid", "invisible_text", "control_characters"]);
        assert!(told[0].0.contains("/terms/1"), "{told:?}");
        assert_eq!(codes(NewKind::Words, &[], &[])[0].1, "empty");
        assert_eq!(codes(NewKind::Pattern, &["(a)\\1", ""], &["b"])[0].1, "too_many");
        assert_eq!(codes(NewKind::Pattern, &["(?=a)", "a*"], &[]).len(), 2);
        assert!(codes(NewKind::Pattern, &[r"\d{4}"], &[]).is_empty());
        let many =
            vec!["[가나다라마바사아][가나다라마바사아][가나다라마바사]"; 10];
        assert_eq!(codes(NewKind::Words, &many, &[])[0].1, "too_many");
    }
}
