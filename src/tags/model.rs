//! The shapes the API shows.

use crate::{clock::Timestamp, ids::TagId, page::page_type, schema::tags};
use diesel::{Queryable, QueryableByName};
use serde::Serialize;
use utoipa::ToSchema;

/// The longest name of a tag, in Unicode code points.
pub const TAG_NAME_MAX: usize = 100;

/// A tag as it is stored.
#[derive(Debug, Clone, Queryable, QueryableByName)]
#[diesel(table_name = tags, check_for_backend(diesel::pg::Pg))]
#[expect(missing_docs, reason = "the columns; the view documents them")]
pub struct TagRow {
    pub id: TagId,
    pub slug: String,
    pub name: String,
    pub created_at: Timestamp,
}

/// A topic that articles share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Tag {
    /// Its name in addresses; never changes.
    #[schema(max_length = 120, examples("기준금리"))]
    pub slug: String,
    /// Its name, as the first article that carried it spelt it.
    #[schema(max_length = 100, examples("기준금리"))]
    pub name: String,
    /// When an article first carried it.
    pub created_at: Timestamp,
}

page_type! {
    /// One page of tags.
    TagPage of Tag
}

impl From<TagRow> for Tag {
    fn from(row: TagRow) -> Self {
        Self { slug: row.slug, name: row.name, created_at: row.created_at }
    }
}
