//! Who stands where: articles of each scope, and the stories they are folded to. Pure.

use super::{
    facts::{Facts, Signals},
    order::ALL,
};
use crate::ids::CategoryId;
use std::collections::HashMap;
use uuid::Uuid;

/// Published articles and what speaks for each, place by place.
#[derive(Debug, Default)]
pub struct Field {
    /// Where each is filed.
    pub facts: Vec<Facts>,
    /// What speaks for each.
    pub signals: Vec<Signals>,
    /// Whether the portal is read from enough networks to tell one-sided views from few readers.
    pub guarded: bool,
}

/// What takes one place of a list: an article, or a story shown by one of its members.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit<'a> {
    /// The article that is shown.
    pub facts: &'a Facts,
    /// What speaks for it: for a story, the sum of its members in the scope.
    pub signals: &'a Signals,
}

/// One scope's articles, folded and not.
#[derive(Debug)]
pub struct Scope {
    /// Places in the field.
    members: Vec<u32>,
    /// The member that is shown, and the sum of all, for each story with several members here.
    stories: Vec<(u32, Signals)>,
    /// Members that stand for themselves.
    singles: Vec<u32>,
}

impl Scope {
    fn new(field: &Field, members: Vec<u32>) -> Self {
        let fact = |n: u32| &field.facts[n as usize];
        let mut by_story: HashMap<Uuid, Vec<u32>> = HashMap::new();
        let mut singles = Vec::with_capacity(members.len());
        for &n in &members {
            if fact(n).story == fact(n).article.0 {
                singles.push(n);
            } else {
                by_story.entry(fact(n).story).or_default().push(n);
            }
        }
        let mut stories = Vec::new();
        for group in by_story.into_values() {
            let [first, rest @ ..] = &group[..] else { continue };
            if rest.is_empty() {
                singles.push(*first);
                continue;
            }
            let mut sum = Signals::default();
            group.iter().for_each(|n| sum += field.signals[*n as usize]);
            // Its representative where it is filed here, else the earliest.
            let shown = group
                .iter()
                .min_by_key(|n| (!fact(**n).leads, fact(**n).published_at, fact(**n).article));
            stories.push((*shown.unwrap_or(first), sum));
        }
        Self { members, stories, singles }
    }

    /// Stories and articles that stand alone.
    pub fn folded<'a>(&'a self, field: &'a Field) -> impl Iterator<Item = Unit<'a>> + Clone {
        let stories = self.stories.iter().map(|(shown, signals)| (*shown, signals));
        let singles = self.singles.iter().map(|n| (*n, &field.signals[*n as usize]));
        stories.chain(singles).map(|(n, signals)| Unit { facts: &field.facts[n as usize], signals })
    }

    /// Every article for itself.
    pub fn raw<'a>(&'a self, field: &'a Field) -> impl Iterator<Item = Unit<'a>> {
        self.members.iter().map(|n| Unit {
            facts: &field.facts[*n as usize],
            signals: &field.signals[*n as usize],
        })
    }

    /// Whether folding makes a difference here.
    #[must_use]
    pub fn folds(&self) -> bool {
        !self.stories.is_empty()
    }
}

/// The scopes of a round: all, each category with its descendants' articles, and each publisher where
/// `publishers` says so. Every one of `categories` and `publishers` is there, also when empty.
#[must_use]
pub fn scopes(
    field: &Field,
    ancestors: &HashMap<CategoryId, Vec<CategoryId>>,
    publishers: &[Uuid],
) -> Vec<(Uuid, Scope)> {
    let mut members: HashMap<Uuid, Vec<u32>> =
        ancestors.keys().map(|category| (category.0, Vec::new())).collect();
    members.extend(publishers.iter().map(|publisher| (*publisher, Vec::new())));
    let all = (0..field.facts.len() as u32).collect();
    for (n, facts) in (0..).zip(&field.facts) {
        let categories = ancestors.get(&facts.category).map_or(&[][..], Vec::as_slice);
        for scope in categories.iter().map(|category| category.0).chain([facts.publisher.0]) {
            if let Some(list) = members.get_mut(&scope) {
                list.push(n);
            }
        }
    }
    members.insert(ALL, all);
    let mut scopes: Vec<_> =
        members.into_iter().map(|(scope, members)| (scope, Scope::new(field, members))).collect();
    scopes.sort_unstable_by_key(|(scope, _)| *scope);
    scopes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        clock::Timestamp,
        ids::{ArticleId, PublisherId},
        rankings::facts::Closed,
    };
    use proptest::prelude::*;
    use std::collections::HashSet;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn fact(n: u128, story: Option<u128>, category: u128, leads: bool) -> Facts {
        Facts {
            article: ArticleId(id(n)),
            story: story.map_or(id(n), id),
            leads,
            category: CategoryId(id(category)),
            publisher: PublisherId(id(900 + n % 3)),
            published_at: Timestamp::from_millis(n as i64),
        }
    }

    fn viewed(h1: f64) -> Signals {
        Signals { views: Closed { h1, ..Closed::default() }, ..Signals::default() }
    }

    #[test]
    fn a_category_holds_its_descendants_articles_and_shows_a_story_by_who_is_filed_there() {
        let category = |n| CategoryId(id(n));
        let ancestors = HashMap::from([
            (category(1), vec![category(1)]),
            (category(2), vec![category(2), category(1)]),
            (category(3), vec![category(3)]),
        ]);
        let field = Field {
            facts: vec![
                fact(10, Some(500), 2, false),
                fact(11, Some(500), 3, true),
                fact(12, None, 1, true),
                fact(13, Some(500), 2, false),
            ],
            signals: [1.0, 2.0, 4.0, 8.0].map(viewed).to_vec(),
            guarded: false,
        };
        let publishers = [id(901)];
        let scopes: HashMap<_, _> = scopes(&field, &ancestors, &publishers).into_iter().collect();
        let shown = |scope: Uuid| -> HashSet<(u128, i64)> {
            let units = scopes[&scope].folded(&field);
            units.map(|u| (u.facts.article.0.as_u128(), u.signals.views.h1 as i64)).collect()
        };
        assert_eq!(shown(ALL), HashSet::from([(11, 11), (12, 4)]));
        assert_eq!(shown(id(1)), HashSet::from([(10, 9), (12, 4)]));
        assert_eq!(shown(id(2)), HashSet::from([(10, 9)]));
        assert_eq!(shown(id(3)), HashSet::from([(11, 2)]));
        assert_eq!(shown(id(901)), HashSet::from([(10, 9)]), "10 and 13 are of this publisher");
        assert_eq!(scopes.len(), 5);
        assert_eq!(scopes[&id(2)].raw(&field).count(), 2);
    }

    proptest! {
        #[test]
        fn folding_loses_no_view_and_shows_no_story_twice(
            stories in prop::collection::vec((prop::option::of(500u128..505), 0u32..50), 0..60),
        ) {
            let facts = (1u128..).zip(&stories).map(|(n, (story, _))| fact(n, *story, 1, n % 2 == 0));
            let field = Field {
                facts: facts.collect(),
                signals: stories.iter().map(|(_, views)| viewed(f64::from(*views))).collect(),
                guarded: false,
            };
            let ancestors = HashMap::from([(CategoryId(id(1)), vec![CategoryId(id(1))])]);
            for (_, scope) in scopes(&field, &ancestors, &[]) {
                let sum = |units: &mut dyn Iterator<Item = Unit<'_>>| {
                    units.map(|unit| unit.signals.views.h1).sum::<f64>()
                };
                prop_assert_eq!(sum(&mut scope.folded(&field)), sum(&mut scope.raw(&field)));
                let told: Vec<_> = scope.folded(&field).map(|unit| unit.facts.story).collect();
                let distinct: HashSet<_> = told.iter().collect();
                prop_assert_eq!(told.len(), distinct.len());
            }
        }
    }
}
