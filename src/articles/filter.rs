//! What a list of articles is asked for, and which stored list answers it.

use crate::{
    clock::Timestamp,
    ids::{ArticleId, AuthorId, CategoryId, PublisherId, StoryId, TagId},
};
use uuid::Uuid;

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Newest publication first.
    #[default]
    Latest,
    /// Oldest publication first.
    Oldest,
    /// Last changed first.
    Updated,
}

/// A filter with its names resolved. Values of one field are alternatives; fields narrow each other.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Categories, each with its descendants.
    pub categories: Vec<CategoryId>,
    /// Publishers.
    pub publishers: Vec<PublisherId>,
    /// Authors.
    pub authors: Vec<AuthorId>,
    /// Tags.
    pub tags: Vec<TagId>,
    /// Stories.
    pub stories: Vec<StoryId>,
    /// These articles only.
    pub ids: Vec<ArticleId>,
    /// Published at or after.
    pub after: Option<Timestamp>,
    /// Published before.
    pub before: Option<Timestamp>,
    /// With or without a picture.
    pub has_image: Option<bool>,
    /// Languages.
    pub languages: Vec<String>,
}

/// Stored lists to read, and whether their articles must be looked at besides.
#[derive(Debug, PartialEq, Eq)]
pub struct Plan {
    /// Ids in `listings.list`.
    pub lists: Vec<Uuid>,
    /// Which fields of the filter the lists do not answer.
    pub rest: Rest,
}

/// Fields a plan leaves to a look at each article.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Rest {
    /// Categories.
    pub categories: bool,
    /// Publishers.
    pub publishers: bool,
    /// Tags.
    pub tags: bool,
    /// Languages or pictures.
    pub others: bool,
}

impl Rest {
    /// Whether the lists answer all.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

/// The list of everything.
pub const ALL: Uuid = Uuid::nil();

/// The list of a category's articles by one publisher: as PostgreSQL's `md5(c || ':' || p)::uuid`.
#[must_use]
pub fn crossed(category: CategoryId, publisher: PublisherId) -> Uuid {
    use md5::{Digest, Md5};
    Uuid::from_bytes(Md5::digest(format!("{category}:{publisher}")).into())
}

impl Filter {
    /// The narrowest stored lists that hold every match: authors, tags, category and publisher
    /// together, either of them, or all. Not for `ids` and `stories`, which are looked
    /// up themselves.
    #[must_use]
    pub fn plan(&self) -> Plan {
        let mut rest = Rest {
            categories: !self.categories.is_empty(),
            publishers: !self.publishers.is_empty(),
            tags: !self.tags.is_empty(),
            others: !self.languages.is_empty() || self.has_image.is_some(),
        };
        let lists = if !self.authors.is_empty() {
            self.authors.iter().map(|id| id.0).collect()
        } else if rest.tags {
            rest.tags = false;
            self.tags.iter().map(|id| id.0).collect()
        } else if rest.categories && rest.publishers {
            (rest.categories, rest.publishers) = (false, false);
            let pair = |c: &CategoryId| {
                let c = *c;
                self.publishers.iter().map(move |p| crossed(c, *p))
            };
            self.categories.iter().flat_map(pair).collect()
        } else if rest.categories {
            rest.categories = false;
            self.categories.iter().map(|id| id.0).collect()
        } else if rest.publishers {
            rest.publishers = false;
            self.publishers.iter().map(|id| id.0).collect()
        } else {
            vec![ALL]
        };
        Plan { lists, rest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn category_and_publisher_together_are_one_stored_list() {
        let filter = Filter {
            categories: vec![CategoryId::new()],
            publishers: vec![PublisherId::new()],
            ..Filter::default()
        };
        let plan = filter.plan();
        assert!(plan.rest.is_empty());
        assert_eq!(plan.lists, [crossed(filter.categories[0], filter.publishers[0])]);
    }

    #[test]
    fn what_a_list_does_not_answer_is_left_to_each_article() {
        let filter = Filter {
            authors: vec![AuthorId::new()],
            categories: vec![CategoryId::new()],
            has_image: Some(true),
            ..Filter::default()
        };
        let rest = filter.plan().rest;
        assert_eq!((rest.categories, rest.others, rest.tags), (true, true, false));
    }
}
