//! The names of things in addresses.

use crate::{
    error::{Broken, Faults},
    text::is_slug,
};
use deserr::Deserr;
use diesel::{
    deserialize::{self, FromSql},
    pg::{Pg, PgValue},
    serialize::{self, Output, ToSql},
    sql_types::Text,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};

/// The readable part of an address: 1 to 120 letters and digits of any script, lower case where
/// there is case, with single `-` or `_` between them.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    serde::Serialize,
    Deserr,
    utoipa::ToSchema,
    diesel::expression::AsExpression,
    diesel::deserialize::FromSqlRow,
)]
#[serde(transparent)]
#[deserr(error = Faults, try_from(String) = Slug::checked -> NoSlug)]
#[diesel(sql_type = Text)]
#[schema(value_type = String, min_length = 1, max_length = 120, examples("economy"))]
pub struct Slug(String);

/// A text that cannot stand as a slug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "Must be 1 to 120 lower-case letters and digits of any script, with single '-' or '_' between."
)]
pub struct NoSlug;

impl Broken for NoSlug {
    fn code(&self) -> &'static str {
        "invalid_slug"
    }
    fn detail_ko(&self) -> String {
        "1자에서 120자의 소문자, 한글 등 글자와 숫자여야 하고, 그 사이에 '-'나 '_'를 하나씩 쓸 수 있습니다."
            .into()
    }
}

/// A slug as a path carries it: everything but ASCII letters, digits, `-` and `_` percent-encoded.
#[must_use]
pub fn in_path(slug: &str) -> String {
    utf8_percent_encode(slug, IN_PATH).to_string()
}

/// What a path keeps as it is; everything else of a slug is percent-encoded.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

impl Slug {
    fn checked(text: String) -> Result<Self, NoSlug> {
        if is_slug(&text) { Ok(Self(text)) } else { Err(NoSlug) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text as a segment of a path, for `Location` headers.
    #[must_use]
    pub fn in_path(&self) -> String {
        in_path(&self.0)
    }
}

impl std::fmt::Display for Slug {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for Slug {
    type Err = NoSlug;
    fn from_str(text: &str) -> Result<Self, NoSlug> {
        Self::checked(text.to_owned())
    }
}

impl utoipa::IntoParams for Slug {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let slug = ParameterBuilder::new()
            .name("slug")
            .parameter_in(ParameterIn::Path)
            .required(utoipa::openapi::Required::True)
            .description(Some("Its slug."))
            .schema(Some(<Self as utoipa::PartialSchema>::schema()))
            .build();
        vec![slug]
    }
}

impl ToSql<Text, Pg> for Slug {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <str as ToSql<Text, Pg>>::to_sql(&self.0, out)
    }
}

impl FromSql<Text, Pg> for Slug {
    /// Takes what is stored as it is: it was checked on its way in.
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        <String as FromSql<Text, Pg>>::from_sql(bytes).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hangul_stays_readable_and_is_encoded_in_paths_only() {
        let slug: Slug = "경제-2".parse().expect("a slug");
        assert_eq!(slug.to_string(), "경제-2");
        assert_eq!(slug.in_path(), "%EA%B2%BD%EC%A0%9C-2");
        for text in ["", "A", "a b", "-a", "a--b", "a/b", &"가".repeat(121)] {
            assert_eq!(text.parse::<Slug>(), Err(NoSlug), "{text:?}");
        }
    }
}
