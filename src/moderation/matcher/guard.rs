//! Which finds are meant: words that only come about because separators were dropped, or that are
//! part of other words, are not.

use super::{chance, term::Term};
use crate::moderation::fold::{Kind, Letter, Reading, is_vowel};

/// What may stand right after a word without making another word of it.
const PARTICLES: [&str; 46] = [
    "이",
    "가",
    "은",
    "는",
    "을",
    "를",
    "의",
    "도",
    "만",
    "와",
    "과",
    "랑",
    "이랑",
    "로",
    "으로",
    "에",
    "에게",
    "한테",
    "께",
    "들",
    "들이",
    "들은",
    "들을",
    "들의",
    "들아",
    "아",
    "야",
    "이야",
    "이다",
    "임",
    "인",
    "이네",
    "네",
    "라",
    "이라",
    "이라고",
    "라고",
    "이지",
    "지",
    "냐",
    "이냐",
    "같은",
    "같이",
    "같네",
    "놈",
    "년",
];

/// What goes before a curse and makes it a stronger one.
const PREFIXES: [&str; 12] =
    ["개", "아", "이", "저", "그", "야", "와", "존나", "미친", "씹", "쌍", "좆"];

/// How unlikely a word must be by chance, in bits, when whitespace was dropped inside, and when only
/// other things were, which stand between words more rarely.
const SPACES: f64 = 22.0;
const MARKS: f64 = 17.0;
/// What it counts that words begin and end where the find does, or one of the two.
const BOTH_ENDS: f64 = 9.0;
const ONE_END: f64 = 4.0;

/// English words short enough to make others when the space between them is dropped.
const SHORT_WORDS: &str = " a am an and as at be but by can do for get go had has hat he her him his hit \
    how i if in is it its la let lo me my no not of off on one or our out pa pen put s sex she so t tan the \
    ti to too two up us was we who you ";

/// A word found in a reading: which letters it covers.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    first: usize,
    last: usize,
    /// Something was left out inside that is not part of the word.
    gaps: Gaps,
}

#[derive(Debug, Clone, Default)]
struct Gaps {
    /// Before which letters of the word something was left out.
    before: Vec<usize>,
    /// How many places have whitespace, or what stands between words in sentences.
    spaces: usize,
    /// How many places have marks only.
    marks: usize,
    /// One of them has both, as sentences do.
    both: bool,
    noise: bool,
    drawl: bool,
    /// One of them lies inside a syllable: nobody writes that by chance.
    inside: bool,
    /// There is one between any two letters of the word.
    everywhere: bool,
}

impl Gaps {
    const fn any(&self) -> bool {
        self.spaces > 0 || self.marks > 0 || self.noise || self.drawl
    }
}

impl Hit {
    /// The hit at these codes, if letters begin and end there and its letters are the word's.
    pub fn new(reading: &Reading, term: &Term, start: usize, end: usize) -> Option<Self> {
        if !reading.begins(start) || !(end == reading.codes.len() || reading.begins(end)) {
            return None;
        }
        let (first, last) = (reading.owner[start] as usize, reading.owner[end - 1] as usize);
        let mut gaps = Gaps { everywhere: true, ..Gaps::default() };
        let (mut runs, mut split) = (false, !term.split);
        for code in start..end {
            if !reading.begins(code) {
                continue;
            }
            let letter = &reading.letters[reading.owner[code] as usize];
            let at = code - start;
            let fits = match letter.token.kind {
                // A syllable of the text is one of the word's, or the beginning of one.
                Kind::Syllable => term.begins[at] && !term.lone[at],
                _ => true,
            };
            if !fits {
                return None;
            }
            runs |= letter.run > 2;
            split |= letter.token.kind == Kind::Jamo || letter.token.drawn;
            gaps.drawl |= letter.run > 1 && letter.token.kind.is_hangul();
            if code > start {
                count(&mut gaps, letter, term, at);
            }
        }
        // A lone consonant is no part of a syllable.
        let lone = |at: usize| {
            reading.letters[reading.owner[start + at] as usize].token.kind == Kind::Syllable
        };
        if (0..end - start).any(|at| term.lone[at] && lone(at)) || (term.single && !runs) || !split
        {
            return None;
        }
        Some(Self { first, last, gaps })
    }

    /// The code points that it covers.
    pub fn span(&self, reading: &Reading) -> (usize, usize) {
        let (first, last) = (&reading.letters[self.first], &reading.letters[self.last]);
        (first.token.start as usize, last.token.end as usize)
    }

    /// Whether an exception covers it, or its beginning: one that is written as it should be, or no
    /// worse than this.
    pub fn is_excused(&self, exception: &Self) -> bool {
        let (first, last) = (exception.first, exception.last);
        let covers = first <= self.first && self.last <= last;
        let covers_beginning = first < self.first && self.first <= last;
        (covers || covers_beginning) && (!exception.gaps.any() || self.gaps.any())
    }

    /// Whether it is all that was typed at once, or the beginning of it: `tlqkfsha`.
    pub fn is_typed(&self, reading: &Reading, term: &Term) -> bool {
        term.letters > 1 && !Around::new(self, reading).before(|_| true)
    }

    /// Whether the word is meant, as far as its surroundings tell.
    pub fn is_meant(&self, reading: &Reading, term: &Term) -> bool {
        let around = Around::new(self, reading);
        self.ends_are_fine(&around, term)
            && (!self.gaps.any() || self.gaps_are_fine(&around, term, reading))
    }

    fn ends_are_fine(&self, around: &Around, term: &Term) -> bool {
        let left = match term.first {
            Kind::Latin => term.open_left || !around.before(|l| l.token.kind == Kind::Latin),
            Kind::Digit => !around.before(|l| l.token.kind == Kind::Digit),
            _ if term.lone[0] => !around.before(is_unfinished),
            _ => term.open_left || around.word_begins(),
        };
        let right = match term.last {
            Kind::Latin => term.open_right || !around.goes_on_in_latin(),
            Kind::Digit => !around.after(|l| l.token.kind == Kind::Digit),
            Kind::Jamo if term.lone[term.lone.len() - 1] => !around.after(is_unfinished),
            _ => term.open_right || around.word_ends() || around.particle_follows(),
        };
        left && right
    }

    fn gaps_are_fine(&self, around: &Around, term: &Term, reading: &Reading) -> bool {
        let gaps = &self.gaps;
        if gaps.inside {
            return true;
        }
        if term.first == Kind::Latin || term.last == Kind::Latin {
            return gaps.spaces == 0
                || gaps.everywhere
                || (term.letters > 3 && !self.is_made_of_words(reading));
        }
        let (begins, ends) =
            (around.word_begins() || around.prefix_goes_before(), around.word_ends());
        let ends = ends || around.particle_follows();
        if term.lone.iter().any(|lone| *lone) {
            return true;
        }
        if term.first == Kind::Digit && term.last == Kind::Digit {
            return false;
        }
        // A number of its own.
        if gaps.noise && gaps.spaces > 0 {
            return false;
        }
        let bits = self.bits(&term.syllables, begins, ends)
            + match (begins, ends) {
                (true, true) => BOTH_ENDS,
                (false, false) => 0.0,
                _ => ONE_END,
            };
        bits >= match gaps {
            gaps if gaps.both => SPACES + 2.0,
            gaps if gaps.spaces > 0 => SPACES,
            _ => MARKS,
        }
    }

    /// The bits of the word coming together by chance. A single syllable at its end, or beginning,
    /// that is part of another word is as likely as the two next to each other: what is left may be a
    /// word by itself.
    fn bits(&self, syllables: &[char], begins: bool, ends: bool) -> f64 {
        let (gaps, last) = (&self.gaps.before, syllables.len().saturating_sub(1));
        let all = chance::bits(syllables, gaps);
        let two = |at: usize| chance::bits(&syllables[at - 1..=at], &[1]);
        match gaps[..] {
            [at] if at == last && !ends => all.min(two(at)),
            [1] if !begins && last > 0 => all.min(two(1)),
            _ => all,
        }
    }

    /// Whether each piece between spaces is a word of English.
    fn is_made_of_words(&self, reading: &Reading) -> bool {
        let mut piece = String::from(" ");
        for (at, letter) in reading.letters[self.first..=self.last].iter().enumerate() {
            if at > 0 && letter.gap.space {
                if !SHORT_WORDS.contains(&format!("{piece} ")) {
                    return false;
                }
                piece = String::from(" ");
            }
            piece.push(letter.token.c);
        }
        SHORT_WORDS.contains(&format!("{piece} "))
    }
}

fn count(gaps: &mut Gaps, letter: &Letter, term: &Term, at: usize) {
    let nth = term.begins[..at].iter().filter(|begins| **begins).count();
    let own = &term.parted[at];
    let own = (own.space && letter.gap.space || own.mark && letter.gap.mark && !letter.gap.space)
        && !letter.gap.noise;
    if letter.gap.any() && !own {
        let space = letter.gap.space || letter.gap.sentence;
        gaps.spaces += usize::from(space);
        gaps.marks += usize::from(letter.gap.mark && !space);
        gaps.both |= letter.gap.space && letter.gap.mark;
        gaps.before.push(nth);
        gaps.noise |= letter.gap.noise;
        gaps.drawl |= letter.gap.drawl;
        gaps.inside |= !term.begins[at];
    } else if term.begins[at] {
        gaps.everywhere = false;
    }
}

/// A consonant that is not laughter: `ㅅㅂ` inside `ㅇㅅㅂㄴ` is something else.
fn is_unfinished(letter: &Letter) -> bool {
    let c = letter.token.c;
    letter.token.kind == Kind::Jamo && !is_vowel(c) && !matches!(c, 'ㅋ' | 'ㅎ' | 'ㄷ')
}

/// What stands before and after a hit.
struct Around<'a> {
    before: &'a [Letter],
    own: &'a Letter,
    after: &'a [Letter],
}

impl<'a> Around<'a> {
    fn new(hit: &Hit, reading: &'a Reading) -> Self {
        let letters = &reading.letters;
        Self {
            before: &letters[..hit.first],
            own: &letters[hit.first],
            after: &letters[hit.last + 1..],
        }
    }

    /// Whether the letter right before is such a one.
    fn before(&self, is: impl Fn(&Letter) -> bool) -> bool {
        !self.own.gap.parts_words() && self.before.last().is_some_and(is)
    }

    /// Whether the letter right after is such a one.
    fn after(&self, is: impl Fn(&Letter) -> bool) -> bool {
        self.after.first().is_some_and(|l| !l.gap.parts_words() && is(l))
    }

    /// Whether a word begins with the hit.
    fn word_begins(&self) -> bool {
        !self.own.gap.noise
            && !self.before(|l| matches!(l.token.kind, Kind::Syllable | Kind::Digit | Kind::Other))
    }

    /// Whether a word ends with the hit.
    fn word_ends(&self) -> bool {
        !self.after(|l| matches!(l.token.kind, Kind::Syllable | Kind::Other))
    }

    /// Whether a Latin word goes on, other than by its plural.
    fn goes_on_in_latin(&self) -> bool {
        let rest: String = self.rest(3).collect();
        let latin = |c: char| c.is_ascii_lowercase();
        let mut letters = rest.chars();
        match (letters.next(), letters.next()) {
            (Some('s'), Some(next)) => latin(next),
            (Some('s'), None) | (None, _) => false,
            (Some(first), _) => latin(first),
        }
    }

    /// The letters right after, as far as the word goes.
    fn rest(&self, most: usize) -> impl Iterator<Item = char> {
        let goes_on = |l: &&Letter| !l.gap.parts_words();
        self.after.iter().take_while(goes_on).map(|l| l.token.c).take(most)
    }

    /// Whether the word ends after a particle.
    fn particle_follows(&self) -> bool {
        const LONGEST: usize = 3;
        let rest: String =
            self.rest(LONGEST + 1).take_while(|c| matches!(c, '가'..='힣')).collect();
        PARTICLES.contains(&rest.as_str())
    }

    /// Whether the word before the hit is one that strengthens.
    fn prefix_goes_before(&self) -> bool {
        const LONGEST: usize = 2;
        if self.own.gap.parts_words() {
            return false;
        }
        let mut word: Vec<char> = Vec::new();
        for letter in self.before.iter().rev().take(LONGEST + 1) {
            word.insert(0, letter.token.c);
            if letter.gap.parts_words() {
                break;
            }
        }
        let word: String = word.into_iter().collect();
        PREFIXES.contains(&word.as_str())
    }
}
