//! The shapes the API shows and takes.

use crate::{
    clock::Timestamp,
    error::{Broken, Faults},
    http::body::BodyLimit,
    ids::CategoryId,
    names::{CategoryRef, Names, NamesPatch},
    page::page_type,
    slug::Slug,
};
use deserr::Deserr;
use diesel::Queryable;
use serde::Serialize;
use utoipa::ToSchema;

/// The largest position among siblings.
pub const POSITION_MAX: i32 = 1_000_000;

/// A category as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
#[expect(missing_docs, reason = "the columns; the view documents them")]
pub struct CategoryRow {
    pub id: CategoryId,
    pub slug: String,
    pub name: Names,
    pub parent_id: Option<CategoryId>,
    pub position: i32,
    pub revision: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A heading under which articles are filed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Category {
    /// Its name in addresses; never changes.
    #[schema(max_length = 120, examples("finance"))]
    pub slug: String,
    /// Its name.
    pub name: Names,
    /// Slug of the category it stands under.
    #[schema(required, max_length = 120, examples("economy"))]
    pub parent: Option<String>,
    /// Its place among its siblings; equal ones stand in the order of their slugs.
    #[schema(minimum = 0, maximum = 1_000_000, examples(2))]
    pub position: i32,
    /// 1 at the top of the tree.
    #[schema(value_type = i32, minimum = 1, maximum = 8, examples(2))]
    pub depth: usize,
    /// Slugs from the top of the tree down to this one.
    #[schema(value_type = Vec<crate::slug::Slug>, min_items = 1, max_items = 8, examples(json!(["economy", "finance"])))]
    pub path: Vec<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Counts its changes, from 1.
    #[schema(minimum = 1, maximum = 2_147_483_647, examples(1))]
    pub revision: i32,
}

page_type! {
    /// One page of categories, in tree order.
    CategoryPage of Category
}

/// A category with those above and directly below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CategoryDetail {
    /// The category itself.
    #[serde(flatten)]
    pub category: Category,
    /// Those above it, from the top of the tree down.
    #[schema(max_items = 7)]
    pub ancestors: Vec<CategoryRef>,
    /// Those directly below it, in order.
    #[schema(max_items = 10_000)]
    pub children: Vec<CategoryRef>,
}

/// A category as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(examples(json!({
    "slug": "finance",
    "name": {"ko": "금융", "en": "Finance"},
    "parent": null,
    "position": 2
})))]
pub struct CategoryInput {
    /// Its name in addresses; cannot be changed later.
    pub slug: Slug,
    /// Its name.
    pub name: Names,
    /// Slug of the category it stands under; the top of the tree when absent. A tree has at most
    /// eight levels.
    #[deserr(default)]
    pub parent: Option<Slug>,
    /// Its place among its siblings; behind the last one when absent.
    #[deserr(default, try_from(Option<i64>) = checked_position -> NoPosition)]
    #[schema(minimum = 0, maximum = 1_000_000, examples(2))]
    pub position: Option<i32>,
}

/// A patch of a category: whatever is absent stays.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "documents what a merge patch may hold")]
#[schema(examples(json!({"name": {"en": "Money"}, "position": 3})))]
pub struct CategoryPatch {
    /// Its name; each language by itself.
    #[schema(nullable = false)]
    name: Option<NamesPatch>,
    /// Slug of the category it moves under, with all below it; `null` for the top of the tree.
    #[schema(min_length = 1, max_length = 120, examples("economy"))]
    parent: Option<String>,
    /// Its place among its siblings; `null` for behind the last one.
    #[schema(minimum = 0, maximum = 1_000_000, examples(3))]
    position: Option<i32>,
}

impl BodyLimit for CategoryInput {}

/// A number that is no position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Must be a whole number from 0 to 1000000.")]
pub struct NoPosition;

impl Broken for NoPosition {
    fn code(&self) -> &'static str {
        "out_of_range"
    }
    fn detail_ko(&self) -> String {
        "0에서 1000000 사이의 정수여야 합니다.".into()
    }
}

fn checked_position(number: Option<i64>) -> Result<Option<i32>, NoPosition> {
    let fits = |n: i64| i32::try_from(n).ok().filter(|n| (0..=POSITION_MAX).contains(n));
    number.map(|n| fits(n).ok_or(NoPosition)).transpose()
}
