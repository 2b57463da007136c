//! The shapes the API shows.

use crate::{clock::Timestamp, ids::AuthorId, names::PublisherRef, page::page_type};
use diesel::Queryable;
use serde::Serialize;
use utoipa::ToSchema;

/// The longest name of an author, in Unicode code points.
pub const AUTHOR_NAME_MAX: usize = 100;

/// Who writes for a publisher. The same name at two publishers is two authors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, Queryable)]
pub struct Author {
    /// Identifies the author.
    pub id: AuthorId,
    /// The name in bylines.
    #[schema(max_length = 100, examples("김하늘"))]
    pub name: String,
    /// For whom they write.
    pub publisher: PublisherRef,
    /// When an article first named them.
    pub created_at: Timestamp,
}

page_type! {
    /// One page of authors.
    AuthorPage of Author
}
