//! What a reader thinks of an article.

use crate::{clock::Timestamp, error::Faults, http::body::BodyLimit, ids::ArticleId};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

/// A reaction to set.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(examples(json!({"kind": "like"})))]
pub struct ReactionInput {
    /// One of the kinds that `/v1/meta` lists.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,31}$", max_length = 32, examples("like"))]
    pub kind: String,
}

impl BodyLimit for ReactionInput {}

/// The caller's own reaction to an article.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Reaction {
    /// The article.
    pub article_id: ArticleId,
    /// Which. New kinds may come.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,31}$", max_length = 32, examples("like"))]
    pub kind: String,
    /// When the caller first reacted; another kind later does not change it.
    pub reacted_at: Timestamp,
}
