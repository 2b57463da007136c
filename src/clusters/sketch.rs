//! What is kept of a text to compare it with others.

use super::{
    grams::{Grams, hash},
    keys,
    normalise::{headline, normalise},
    recurring,
};
use crate::{clock::Timestamp, ids::PublisherId};

/// Characters of a gram of a headline.
const TITLE_GRAM: usize = 2;
/// Characters of a gram of a lede or body.
const TEXT_GRAM: usize = 6;
/// Normalised characters of a lede that count: a deck or the first sentences.
const LEDE_MAX: usize = 300;

/// A text to be compared, as plain words.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// Who published it.
    pub publisher: PublisherId,
    /// Its headline.
    pub headline: &'a str,
    /// Its summary, deck or first paragraph; may be empty.
    pub lede: &'a str,
    /// Its whole text; may be empty.
    pub body: &'a str,
    /// When it was published.
    pub published_at: Timestamp,
}

/// What is kept of a [`Text`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sketch {
    /// Who published it.
    pub publisher: PublisherId,
    /// When it was published.
    pub published_at: Timestamp,
    /// Bigrams of the headline.
    pub title: Grams,
    /// 6-grams of the lede.
    pub lede: Grams,
    /// 6-grams of the body.
    pub body: Grams,
    /// Numbers of the headline, hashed.
    pub numbers: Grams,
    /// Recurring formats that the headline names, a bit each.
    pub formats: u32,
    /// Keys to find it by, see [`keys`].
    pub keys: Vec<i32>,
}

/// Whether only the beginning of a text is there.
fn breaks_off(text: &str) -> bool {
    let text = text.trim_end();
    text.ends_with('…') || text.ends_with("...")
}

impl Sketch {
    /// The sketch of a text.
    #[must_use]
    pub fn of(text: &Text<'_>) -> Self {
        let (title, numbers) = headline(text.headline);
        // What breaks off is no body: reports of one event may share their first sentence.
        let body = if breaks_off(text.body) { Vec::new() } else { normalise(text.body) };
        let mut lede = normalise(if text.lede.is_empty() { text.body } else { text.lede });
        lede.truncate(LEDE_MAX);
        let number = |number: &String| hash(&number.chars().collect::<Vec<_>>()) as u32;
        Self {
            publisher: text.publisher,
            published_at: text.published_at,
            title: Grams::of(&title, TITLE_GRAM),
            lede: Grams::of(&lede, TEXT_GRAM),
            body: Grams::of(&body, TEXT_GRAM),
            numbers: Grams::from_hashes(numbers.iter().map(number).collect()),
            formats: recurring::formats(text.headline),
            keys: keys::keys(text.publisher, &title, &lede, &body),
        }
    }
}
