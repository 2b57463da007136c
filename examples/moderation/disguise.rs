//! Words that were found, written otherwise: are they still found?

use super::{Outcome, Seeded, data, rules::Rules, share};
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;

/// How a word is disguised.
#[derive(Clone, Copy)]
enum Way {
    Homoglyphs,
    ZeroWidth,
    Spaces,
    Marks,
    Jamo,
    Digits,
    Repeats,
    All,
}

const WAYS: [(Way, &str); 8] = [
    (Way::Homoglyphs, "homoglyphs"),
    (Way::ZeroWidth, "zero width"),
    (Way::Spaces, "spaces"),
    (Way::Marks, "marks"),
    (Way::Jamo, "split letters"),
    (Way::Digits, "digits inside"),
    (Way::Repeats, "repeats"),
    (Way::All, "all mixed"),
];

/// The share of places that are changed; at least one is.
const INTENSITIES: [f64; 3] = [0.2, 0.5, 1.0];
/// Times each word is disguised.
const TIMES: usize = 2;

const ZERO_WIDTH: [char; 7] =
    ['\u{200B}', '\u{200C}', '\u{200D}', '\u{2060}', '\u{FEFF}', '\u{AD}', '\u{FE0F}'];
const MARKS: [char; 14] = ['.', '-', '*', '~', '_', '/', '!', ',', '♥', '^', '\'', '·', '☆', '💩'];

/// Every way at every intensity, over finds in labelled texts.
pub fn run(folder: &str) -> Outcome {
    let confusables = data::confusables(folder)?;
    for rules in Rules::all(folder)?.into_iter().take(2) {
        let finds = finds(folder, &rules)?;
        println!("\n{}: {} finds in texts\n", rules.name(), finds.len());
        println!("| disguise | intensity .2 | .5 | 1 |\n| --- | --- | --- | --- |");
        for (way, name) in WAYS {
            let mut row = format!("| {name} |");
            for intensity in INTENSITIES {
                let mut random = Seeded(7);
                let (mut caught, mut all) = (0, 0);
                for (text, start, end) in &finds {
                    for _ in 0..TIMES {
                        let (text, span) = disguised(
                            text,
                            (*start, *end),
                            way,
                            intensity,
                            &confusables,
                            &mut random,
                        );
                        let Some(span) = span else { continue };
                        let found = rules.found(&text);
                        let still =
                            found.iter().any(|(start, end)| *start < span.1 && span.0 < *end);
                        all += 1;
                        caught += usize::from(still);
                        if !still && std::env::var_os("SHOW").is_some() {
                            eprintln!(
                                "{}\t{name}\t{}\t{text}",
                                rules.name(),
                                text.chars().skip(span.0).take(span.1 - span.0).collect::<String>()
                            );
                        }
                    }
                }
                row += &format!(" {:.1} % |", 100.0 * share(caught, all));
            }
            println!("{row}");
        }
    }
    Ok(())
}

/// One find of each bad text.
fn finds(folder: &str, rules: &Rules) -> Outcome<Vec<(String, usize, usize)>> {
    let mut all = Vec::new();
    for set in ["curse_detection_2runo", "malicious_zizun"] {
        for (text, bad) in data::labelled(folder, set)? {
            let found = rules.found(&text);
            if let Some((start, end)) = found.iter().find(|(start, end)| end - start > 1 && bad) {
                all.push((text.clone(), *start, *end));
            }
        }
    }
    Ok(all)
}

/// The text with the word disguised, and where it is now; no place where nothing could be changed.
fn disguised(
    text: &str,
    (start, end): (usize, usize),
    way: Way,
    intensity: f64,
    confusables: &BTreeMap<char, Vec<String>>,
    random: &mut Seeded,
) -> (String, Option<(usize, usize)>) {
    let letters: Vec<char> = text.chars().collect();
    let word = &letters[start..end];
    let mut written: Vec<String> = Vec::new();
    for _ in 0..20 {
        let original: Vec<String> = word.iter().map(|c| c.to_string()).collect();
        written = write(word, way, intensity, confusables, random);
        if written != original {
            break;
        }
        written.clear();
    }
    if written.is_empty() {
        return (text.to_owned(), None);
    }
    let word: String = written.concat();
    let length = word.chars().count();
    let before: String = letters[..start].iter().collect();
    let after: String = letters[end..].iter().collect();
    (before + &word + &after, Some((start, start + length)))
}

fn write(
    word: &[char],
    way: Way,
    intensity: f64,
    confusables: &BTreeMap<char, Vec<String>>,
    random: &mut Seeded,
) -> Vec<String> {
    let mut written = Vec::new();
    for (at, c) in word.iter().enumerate() {
        let way = match way {
            Way::All => [Way::Homoglyphs, Way::ZeroWidth, Way::Spaces, Way::Marks, Way::Jamo]
                [random.below(5)],
            way => way,
        };
        let last = at + 1 == word.len();
        let change = random.chance(intensity);
        let mut letter = c.to_string();
        match way {
            _ if !change => {}
            Way::Homoglyphs => letter = homoglyph(*c, confusables, random),
            Way::Jamo => letter = split(*c),
            Way::Repeats if matches!(c, '가'..='힣') => {
                letter = c.to_string().repeat(2 + random.below(2))
            }
            Way::Repeats if c.is_ascii_alphabetic() => {
                letter = c.to_string().repeat(3 + random.below(2))
            }
            Way::ZeroWidth if !last => letter.extend(random.of(&ZERO_WIDTH)),
            Way::Spaces if !last => letter.push(' '),
            Way::Marks if !last => letter.extend(random.of(&MARKS)),
            Way::Digits
                if !last && matches!(c, '가'..='힣') && matches!(word[at + 1], '가'..='힣') =>
            {
                letter.push(char::from(b'1' + random.below(9) as u8));
            }
            _ => {}
        }
        written.push(letter);
    }
    written
}

/// Something that looks like it, by the table of Unicode.
fn homoglyph(c: char, confusables: &BTreeMap<char, Vec<String>>, random: &mut Seeded) -> String {
    let one = |c: char, random: &mut Seeded| {
        let like = confusables.get(&c).map(Vec::as_slice).unwrap_or_default();
        random.of(like).cloned().unwrap_or_else(|| c.to_string())
    };
    match c {
        '가'..='힣' => std::iter::once(c).nfd().map(|letter| one(letter, random)).collect(),
        _ => one(c, random),
    }
}

/// A syllable letter by letter.
fn split(syllable: char) -> String {
    let Some(at) = (syllable as u32).checked_sub(0xAC00).filter(|_| syllable <= '힣') else {
        return syllable.to_string();
    };
    let nth = |letters: &str, n: u32| letters.chars().nth(n as usize);
    let parts = [
        nth("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ", at / 588),
        nth("ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ", at % 588 / 28),
        (at % 28)
            .checked_sub(1)
            .and_then(|n| nth("ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ", n)),
    ];
    parts.into_iter().flatten().collect()
}
