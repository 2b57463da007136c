//! Hangul typed on a keyboard that was left on Latin: `tlqkf` is `시발`.

use super::{
    jamo,
    tokens::{Kind, Token},
};

/// The shortest run of letters that is looked at.
const SHORTEST: usize = 4;

/// Runs of Latin letters as the standard Korean keyboard (two sets, KS X 5002) reads them, with a
/// mark between; none where no run makes whole syllables.
#[must_use]
pub fn typed(tokens: &[Token]) -> Vec<Token> {
    let mut found = Vec::new();
    for run in tokens.chunk_by(|a, b| a.kind == Kind::Latin && b.kind == Kind::Latin) {
        if run.len() < SHORTEST {
            continue;
        }
        let letters: Option<Vec<Token>> = run.iter().map(letter).collect();
        let Some(letters) = letters.filter(|letters| makes_syllables(letters)) else { continue };
        if !found.is_empty() {
            let first = letters[0];
            found.push(Token { kind: Kind::Mark, c: ' ', end: first.start, ..first });
        }
        found.extend(letters);
    }
    found
}

/// Whether every vowel has a consonant before it, and no more consonants than fit stand together.
fn makes_syllables(letters: &[Token]) -> bool {
    let vowel = |t: &Token| jamo::is_vowel(t.c);
    let groups: Vec<&[Token]> = letters.chunk_by(|a, b| vowel(a) == vowel(b)).collect();
    let last = groups.len() - 1;
    groups.len() >= 3
        && groups.iter().enumerate().all(|(at, group)| match (at, vowel(&group[0])) {
            (0, is_vowel) => !is_vowel && group.len() == 1,
            (_, true) => group.len() <= 2,
            (at, false) => group.len() <= if at == last { 2 } else { 3 },
        })
}

fn letter(token: &Token) -> Option<Token> {
    let c = match (token.c, token.capital) {
        ('q', true) => 'ㅃ',
        ('w', true) => 'ㅉ',
        ('e', true) => 'ㄸ',
        ('r', true) => 'ㄲ',
        ('t', true) => 'ㅆ',
        ('o', true) => 'ㅒ',
        ('p', true) => 'ㅖ',
        (c, _) => {
            let at = (c as usize).checked_sub('a' as usize)?;
            "ㅁㅠㅊㅇㄷㄹㅎㅗㅑㅓㅏㅣㅡㅜㅐㅔㅂㄱㄴㅅㅕㅍㅈㅌㅛㅋ".chars().nth(at)?
        }
    };
    Some(Token { kind: Kind::Jamo, c, ..*token })
}

#[cfg(test)]
mod tests {
    use super::{super::tokens::tokens, *};

    fn read(text: &str) -> String {
        typed(&tokens(text)).iter().map(|token| token.c).collect()
    }

    #[test]
    fn keys_are_read_as_the_letters_they_type() {
        assert_eq!(read("tlqkf"), "ㅅㅣㅂㅏㄹ");
        assert_eq!(read("Tlqkf gksrmf"), "ㅆㅣㅂㅏㄹ ㅎㅏㄴㄱㅡㄹ");
    }

    #[test]
    fn words_of_english_make_no_syllables() {
        assert_eq!(read("president company www apple iphone"), "");
    }
}
