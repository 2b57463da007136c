//! How near other articles are to one, by what they say and how they are tagged. Pure.

use crate::ids::{ArticleId, CategoryId, PublisherId};
use std::collections::{HashMap, HashSet};
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

/// An article as far as its topic goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// The article.
    pub article: ArticleId,
    /// The story it tells; its own id when it stands alone.
    pub story: Uuid,
    /// Its category.
    pub category: CategoryId,
    /// Whose it is.
    pub publisher: PublisherId,
    /// Headline and sub-headline.
    pub text: String,
    /// The names of its tags.
    pub tags: Vec<String>,
}

/// An article near another one.
#[derive(Debug, Clone, PartialEq)]
pub struct Related {
    /// The article.
    pub article: ArticleId,
    /// The story it tells.
    pub story: Uuid,
    /// Its category.
    pub category: CategoryId,
    /// Whose it is.
    pub publisher: PublisherId,
    /// How near, 0 to 1.
    pub score: f64,
    /// Up to three tags or words that both have.
    pub terms: Vec<String>,
}

/// The share of the text in a score; the rest is that of tags.
const TEXT: f64 = 0.7;

/// Shared tags that make two articles as near as tags can.
const TAGS: f64 = 2.0;

/// What is less near is not related.
const LEAST: f64 = 0.05;

/// The nearest of `others` to `own`, nearest first, up to `most`: other stories only, each once.
///
/// Texts are compared as sets of pairs of characters, which needs no analyser of Korean, each pair weighed
/// by how rare it is among all of them (inverse document frequency); the measure is the cosine.
#[must_use]
pub fn related(own: &Topic, others: &[Topic], most: usize) -> Vec<Related> {
    let mut seen = HashSet::from([own.story]);
    let bags: Vec<_> = others.iter().map(|topic| pairs(&topic.text)).collect();
    let own_bag = pairs(&own.text);
    let weights = weights(bags.iter().chain([&own_bag]));
    let mut found: Vec<_> = others
        .iter()
        .zip(&bags)
        .map(|(topic, bag)| {
            let tags = own.tags.iter().filter(|tag| topic.tags.contains(tag)).count() as f64;
            let tags = (tags / TAGS).min(1.0);
            (TEXT * cosine(&own_bag, bag, &weights) + (1.0 - TEXT) * tags, topic)
        })
        .filter(|(score, _)| *score >= LEAST)
        .collect();
    found.sort_by(|(a, x), (b, y)| b.total_cmp(a).then(y.article.cmp(&x.article)));
    found
        .into_iter()
        .filter(|(_, topic)| seen.insert(topic.story))
        .take(most)
        .map(|(score, topic)| Related {
            article: topic.article,
            story: topic.story,
            category: topic.category,
            publisher: topic.publisher,
            score,
            terms: terms(own, topic),
        })
        .collect()
}

/// Pairs of neighbouring letters and digits, case and width set aside.
fn pairs(text: &str) -> HashSet<(char, char)> {
    let folded: String = text.nfkc().flat_map(char::to_lowercase).collect();
    let words = folded.split(|c: char| !c.is_alphanumeric());
    words
        .flat_map(|word| {
            let letters: Vec<char> = word.chars().collect();
            letters.windows(2).map(|pair| (pair[0], pair[1])).collect::<Vec<_>>()
        })
        .collect()
}

type Weights = HashMap<(char, char), f64>;

fn weights<'a>(bags: impl Iterator<Item = &'a HashSet<(char, char)>>) -> Weights {
    let mut counts: HashMap<(char, char), u32> = HashMap::new();
    let mut all = 0;
    for bag in bags {
        all += 1;
        bag.iter().for_each(|pair| *counts.entry(*pair).or_default() += 1);
    }
    let weight = |n: u32| (1.0 + f64::from(all) / f64::from(n)).ln();
    counts.into_iter().map(|(pair, n)| (pair, weight(n))).collect()
}

fn cosine(a: &HashSet<(char, char)>, b: &HashSet<(char, char)>, weights: &Weights) -> f64 {
    // In one order, so that the sum is the same on every machine.
    let square = |bag: &HashSet<(char, char)>, of: &HashSet<(char, char)>| {
        let mut both: Vec<_> = bag.intersection(of).collect();
        both.sort_unstable();
        both.iter().map(|pair| weights.get(pair).copied().unwrap_or(0.0).powi(2)).sum::<f64>()
    };
    let length = (square(a, a) * square(b, b)).sqrt();
    if length > 0.0 { square(a, b) / length } else { 0.0 }
}

fn terms(own: &Topic, other: &Topic) -> Vec<String> {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric());
        words.filter(|word| word.chars().count() >= 2).map(str::to_owned).collect()
    };
    let theirs = words(&other.text);
    let tags = own.tags.iter().filter(|tag| other.tags.contains(tag)).cloned();
    let mut terms: Vec<String> = Vec::new();
    for term in tags.chain(words(&own.text).into_iter().filter(|word| theirs.contains(word))) {
        if terms.len() < 3 && !terms.contains(&term) {
            terms.push(term.chars().take(60).collect());
        }
    }
    terms
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn topic(n: u128, text: &str, tags: &[&str]) -> Topic {
        Topic {
            article: ArticleId(Uuid::from_u128(n)),
            story: Uuid::from_u128(n),
            category: CategoryId(Uuid::nil()),
            publisher: PublisherId(Uuid::nil()),
            text: text.into(),
            tags: tags.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn what_is_on_the_topic_stands_first_and_says_why() {
        let own = topic(1, "한국은행 기준금리 동결", &["기준금리"]);
        let others = [
            topic(2, "프로야구 개막전 매진", &[]),
            topic(3, "기준금리 동결에 채권 금리 하락", &["기준금리"]),
            topic(4, "한국은행 총재 물가 걱정", &[]),
        ];
        let found = related(&own, &others, 5);
        assert_eq!(found.iter().map(|r| r.article.0.as_u128()).collect::<Vec<_>>(), [3, 4]);
        assert_eq!(found[0].terms, ["기준금리"]);
        assert_eq!(found[1].terms, ["한국은행"]);
    }

    proptest! {
        #[test]
        fn never_itself_nor_its_story_and_no_story_twice(texts in prop::collection::vec("[가-닿]{2,4} [가-닿]{2,4}", 1..30), most in 0usize..9) {
            let topics: Vec<_> = (0u128..)
                .zip(&texts)
                .map(|(n, text)| Topic { story: Uuid::from_u128(n / 2), ..topic(n, text, &["a"]) })
                .collect();
            let found = related(&topics[0], &topics, most);
            prop_assert!(found.len() <= most);
            let stories: HashSet<_> = found.iter().map(|r| r.story).collect();
            prop_assert_eq!(stories.len(), found.len());
            prop_assert!(!stories.contains(&topics[0].story));
            prop_assert!(found.windows(2).all(|pair| pair[0].score >= pair[1].score));
        }

        #[test]
        fn nearness_is_mutual(a in "[가-깋]{2,6}", b in "[가-깋]{2,6}") {
            let (one, two) = (topic(1, &a, &[]), topic(2, &b, &[]));
            let score = |own: &Topic, other: &Topic| {
                related(own, std::slice::from_ref(other), 1).first().map(|r| r.score)
            };
            prop_assert_eq!(score(&one, &two), score(&two, &one));
        }
    }
}
