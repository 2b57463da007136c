//! Names in both languages, and the short forms by which things name each other.

use crate::{error::Faults, text::TextFault, text::line};
use deserr::Deserr;
use diesel::Queryable;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The longest name, in Unicode code points.
pub const NAME_MAX: usize = 200;

/// A name in both languages.
#[derive(
    Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, Deserr, Queryable,
)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Names {
    /// Korean.
    #[deserr(try_from(String) = line::<NAME_MAX> -> TextFault)]
    #[schema(min_length = 1, max_length = 200, examples("경제"))]
    pub ko: String,
    /// English.
    #[deserr(try_from(String) = line::<NAME_MAX> -> TextFault)]
    #[schema(min_length = 1, max_length = 200, examples("Economy"))]
    pub en: String,
}

/// A category as others name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, Queryable)]
pub struct CategoryRef {
    /// Its slug.
    #[schema(max_length = 120, examples("economy"))]
    pub slug: String,
    /// Its name.
    pub name: Names,
}

/// A publisher as others name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, Queryable)]
pub struct PublisherRef {
    /// Its slug.
    #[schema(max_length = 120, examples("haneul-ilbo"))]
    pub slug: String,
    /// Its name.
    pub name: Names,
}

/// Names in a merge patch: a language that is absent stays.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "documents what a merge patch may hold")]
pub struct NamesPatch {
    /// Korean.
    #[schema(nullable = false, min_length = 1, max_length = 200, examples("경제"))]
    ko: Option<String>,
    /// English.
    #[schema(nullable = false, min_length = 1, max_length = 200, examples("Economy"))]
    en: Option<String>,
}

/// A short name, such as `1h` or `ko`. Only schemas need a type for it.
#[derive(Debug, ToSchema)]
#[schema(max_length = 20, examples("ko"))]
pub struct Word(#[expect(dead_code, reason = "stands for a string in schemas")] String);
