//! The shapes the API shows.

use crate::{clock::Timestamp, ids::ArticleId};
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::json;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, RefOr,
        schema::{AdditionalProperties, KnownFormat, Schema, SchemaFormat, Type},
    },
};

/// An article's counters at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Counters {
    /// The article.
    pub article_id: ArticleId,
    /// Views, each visitor once per half-hour slot, and those imported from elsewhere.
    #[schema(minimum = 0, maximum = 9007199254740991_i64, examples(1234))]
    pub views: i64,
    /// Comments and replies that everybody sees.
    #[schema(minimum = 0, maximum = 9007199254740991_i64, examples(128))]
    pub comments: i64,
    /// Shares, counted as views are.
    #[schema(minimum = 0, maximum = 9007199254740991_i64, examples(56))]
    pub shares: i64,
    /// Reactions that stand.
    pub reactions: ReactionCounts,
    /// When they were read.
    pub as_of: Timestamp,
}

/// Standing reactions of each kind, in the order of the settings, and of all together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReactionCounts {
    /// Each kind, with how many stand.
    pub kinds: Vec<(String, i64)>,
    /// All together.
    pub total: i64,
}

impl ReactionCounts {
    /// Each kind of `named`, which are separated by commas, and after them those that stand although
    /// nobody names them any more.
    #[must_use]
    pub fn new(named: &str, mut standing: Vec<(String, i64)>, total: i64) -> Self {
        let mut kinds = Vec::new();
        for name in named.split(',').filter(|name| !name.is_empty()) {
            let at = standing.iter().position(|(kind, _)| kind == name);
            kinds.push(at.map_or_else(|| (name.to_owned(), 0), |at| standing.remove(at)));
        }
        kinds.extend(standing);
        Self { kinds, total }
    }
}

impl Serialize for ReactionCounts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(Some(self.kinds.len() + 1))?;
        for (kind, count) in &self.kinds {
            members.serialize_entry(kind, count)?;
        }
        members.serialize_entry("total", &self.total)?;
        members.end()
    }
}

fn count() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
        .minimum(Some(0))
        .maximum(Some(9_007_199_254_740_991_i64))
}

impl PartialSchema for ReactionCounts {
    fn schema() -> RefOr<Schema> {
        let total = count().description(Some("All kinds together."));
        let kind = count().description(Some("Reactions of this kind that stand."));
        ObjectBuilder::new()
            .description(Some(
                "Standing reactions by kind, each kind that `/v1/meta` lists, and `total`. New kinds may come.",
            ))
            .property("total", total)
            .required("total")
            .additional_properties(Some(AdditionalProperties::RefOr(kind.build().into())))
            .examples([json!({"like": 7, "warm": 2, "sad": 0, "angry": 1, "want_more": 2, "total": 12})])
            .into()
    }
}

impl ToSchema for ReactionCounts {
    fn name() -> std::borrow::Cow<'static, str> {
        "ReactionCounts".into()
    }
}

/// Counters of the articles asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct CountersList {
    /// In the order asked for, each article once; without those that are not published.
    #[schema(max_items = 100)]
    pub items: Vec<Counters>,
}
