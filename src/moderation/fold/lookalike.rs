//! Digits and signs drawn for letters, where the letters around them say so: `ㅅ1발`, `7ㅐ`, `sh1t`.

use super::{
    jamo,
    tokens::{Kind, Token},
};

/// Replaces what stands for letters. What stands alone stays as it is.
pub fn resolve(tokens: &mut [Token]) {
    hangul(tokens);
    latin(tokens);
}

fn hangul(tokens: &mut [Token]) {
    for at in 0..tokens.len() {
        let token = tokens[at];
        if token.kind.is_hangul() {
            continue;
        }
        let before = at.checked_sub(1).map(|before| tokens[before]);
        let after = tokens.get(at + 1);
        let lone = |t: &Token, vowel| t.kind == Kind::Jamo && jamo::is_vowel(t.c) == vowel;
        // `ㅈ!ㄴ` parts two consonants.
        let parts = token.kind == Kind::Mark
            && after.is_some_and(|t| lone(t, false))
            && !tokens.get(at + 2).is_some_and(|t| lone(t, true));
        let ends = !parts && after.is_none_or(|t| !matches!(t.kind, Kind::Digit | Kind::Latin));
        let letter = if after.is_some_and(|t| lone(t, true)) {
            consonant(&token)
        } else if before.is_some_and(|t| lone(&t, false)) && ends {
            vowel(&token)
        } else if before.is_some_and(|t| lone(&t, true)) && is_stroke(token.c) {
            Some('ㅣ')
        } else if after.is_some_and(|t| drawn_together(&token, t))
            && tokens.get(at + 2).is_some_and(|t| t.kind.is_hangul())
            && before.is_none_or(|t| t.kind != Kind::Digit)
        {
            consonant(&token)
        } else {
            None
        };
        if let Some(letter) = letter {
            tokens[at].kind = Kind::Jamo;
            tokens[at].c = letter;
            tokens[at].drawn = true;
        }
    }
}

/// `7H`, `^l`: neither is Hangul, both together are.
const fn drawn_together(first: &Token, second: &Token) -> bool {
    match first.c {
        '7' => second.c == 'h' && second.capital,
        '^' | '人' => matches!(second.c, 'l' | 'i' | '1' | '|'),
        _ => false,
    }
}

/// What is drawn like `ㅣ` and is nothing else in Korean.
const fn is_stroke(c: char) -> bool {
    matches!(c, '丨' | '⎜' | '⎟' | '⎢' | '⎥' | '⎪' | '⎮' | '㇑')
}

/// What is drawn like a vowel.
const fn vowel(token: &Token) -> Option<char> {
    match token.c {
        '1' | 'l' | 'i' | '|' | '!' => Some('ㅣ'),
        c if is_stroke(c) => Some('ㅣ'),
        'h' if token.capital => Some('ㅐ'),
        'r' | '卜' | 'ト' | '├' => Some('ㅏ'),
        '丅' => Some('ㅜ'),
        'ㅗ' | '⊥' | '┴' => Some('ㅗ'),
        'ー' | '—' | '―' | '─' | '━' | '㇐' | '一' | '_' => Some('ㅡ'),
        _ => None,
    }
}

/// What is drawn like a consonant.
const fn consonant(token: &Token) -> Option<char> {
    match token.c {
        '7' | '¬' | '┐' => Some('ㄱ'),
        '^' | '人' | '∧' | '⋀' | 'λ' => Some('ㅅ'),
        'l' if token.capital => Some('ㄴ'),
        'o' | '0' | '○' | '〇' => Some('ㅇ'),
        '口' | 'ロ' | '□' => Some('ㅁ'),
        '匚' => Some('ㄷ'),
        '己' | '2' | 'z' => Some('ㄹ'),
        'ス' => Some('ㅈ'),
        'ヲ' => Some('ㅋ'),
        _ => None,
    }
}

/// A run of letters, digits and signs that has a letter is read as letters.
fn latin(tokens: &mut [Token]) {
    let mut at = 0;
    while at < tokens.len() {
        if !may_be_latin(&tokens[at]) {
            at += 1;
            continue;
        }
        let end = at + tokens[at..].iter().take_while(|t| may_be_latin(t)).count();
        let run = &mut tokens[at..end];
        if run.iter().any(|t| t.kind == Kind::Latin) && !is_measure(run) {
            // `!` and `|` at the ends are what they are.
            let inside = |t: &Token| !matches!(t.c, '!' | '|' | '+' | '(');
            let first = run.iter().position(inside).unwrap_or(0);
            let last = run.iter().rposition(inside).map_or(0, |last| last + 1);
            run.get_mut(first..last).unwrap_or_default().iter_mut().for_each(as_letter);
        }
        at = end;
    }
}

/// Numbers with a unit, or a letter: `10kg`, `5g`, `18x`.
fn is_measure(run: &[Token]) -> bool {
    const LONGEST_UNIT: usize = 2;
    let digits = run.iter().take_while(|t| t.kind == Kind::Digit).count();
    let rest = &run[digits..];
    digits > 0 && rest.len() <= LONGEST_UNIT && rest.iter().all(|t| t.kind == Kind::Latin)
}

const fn may_be_latin(token: &Token) -> bool {
    matches!(token.kind, Kind::Latin | Kind::Digit)
        || matches!(token.c, '@' | '$' | '!' | '|' | '+' | '€' | '(')
}

fn as_letter(token: &mut Token) {
    let letter = match token.c {
        '0' => 'o',
        '1' | '!' | '|' | 'l' => 'i',
        '2' => 'z',
        '3' | '€' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '6' | '9' => 'g',
        '7' | '+' => 't',
        '8' => 'b',
        '(' => 'c',
        other => other,
    };
    token.c = letter;
    token.drawn |= token.kind != Kind::Latin;
    token.kind = Kind::Latin;
}

#[cfg(test)]
mod tests {
    use super::{super::tokens::tokens, *};

    fn read(text: &str) -> String {
        let mut found = tokens(text);
        resolve(&mut found);
        found.iter().map(|token| token.c).collect()
    }

    #[test]
    fn signs_are_letters_where_letters_say_so() {
        assert_eq!(read("ㅅ1발"), "ㅅㅣ발");
        assert_eq!(read("ㅆl발 ㅆI발"), "ㅆㅣ발 ㅆㅣ발");
        assert_eq!(read("ㄱH새끼 7H새끼"), "ㄱㅐ새끼 ㄱㅐ새끼");
        assert_eq!(read("^ㅣ발 ^l발"), "ㅅㅣ발 ㅅㅣ발");
        assert_eq!(read("sh1t a$$ f@ck"), "shit ass fack");
    }

    #[test]
    fn numbers_stay_numbers() {
        assert_eq!(read("2018년 1위, 7명! 5km"), "2018년 1위, 7명! 5km");
        assert_eq!(read("ㅋㅋ 1등"), "ㅋㅋ 1등");
        assert_eq!(read("Oh! (A)"), "oh! (a)");
    }
}
