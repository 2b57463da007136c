//! Identifiers: one type per kind of thing, so that a tag's id can never be passed for an article's.

use crate::{
    clock::Timestamp,
    error::{Broken, Faults},
};
use std::sync::Mutex;

/// A text that is no id.
#[derive(Debug, thiserror::Error)]
#[error("Must be an id as this API writes it.")]
pub struct NotAnId;

impl Broken for NotAnId {
    fn code(&self) -> &'static str {
        "invalid"
    }
    fn detail_ko(&self) -> String {
        "이 API가 쓰는 형식의 id여야 합니다.".into()
    }
}

/// Keeps ids of one millisecond in the order of making.
static COUNTER: Mutex<uuid::timestamp::context::ContextV7> =
    Mutex::new(uuid::timestamp::context::ContextV7::new());

impl CommentId {
    /// A fresh identifier of something written at `at`: the order of ids is the order of writing.
    #[must_use]
    pub fn at(at: Timestamp) -> Self {
        let millis = at.as_millis().max(0).unsigned_abs();
        let nanos = u32::try_from(millis % 1_000).unwrap_or(0) * 1_000_000;
        let Ok(counter) = COUNTER.lock() else { return Self::new() };
        let time = uuid::Timestamp::from_unix(&*counter, millis / 1_000, nanos);
        Self(uuid::Uuid::new_v7(time))
    }
}

/// Declares a UUIDv7 key: an opaque JSON string, OpenAPI `uuid`, PostgreSQL `uuid`.
macro_rules! uuid_id {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord,
            serde::Serialize, serde::Deserialize, utoipa::ToSchema,
            diesel::expression::AsExpression, diesel::deserialize::FromSqlRow,
        )]
        #[serde(transparent)]
        #[diesel(sql_type = diesel::sql_types::Uuid)]
        #[schema(value_type = uuid::Uuid, format = Uuid, examples("019a2f6e-5b0a-7c31-9d52-3f1e8a6b4c20"))]
        pub struct $name(pub uuid::Uuid);

        impl $name {
            /// A fresh identifier whose order is the order of making (RFC 9562, version 7).
            #[must_use]
            pub fn new() -> Self {
                Self(uuid::Uuid::now_v7())
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            /// Takes the one canonical spelling only: hyphenated, as this API prints it.
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                let id = uuid::Uuid::parse_str(text)?;
                // Any other spelling fails as the empty text does.
                if id.to_string() == text { Ok(Self(id)) } else { uuid::Uuid::parse_str("").map(Self) }
            }
        }

        impl deserr::Deserr<Faults> for $name {
            fn deserialize_from_value<V: deserr::IntoValue>(
                value: deserr::Value<V>,
                at: deserr::ValuePointerRef<'_>,
            ) -> Result<Self, Faults> {
                let text = <String as deserr::Deserr<Faults>>::deserialize_from_value(value, at)?;
                text.parse().map_err(|_| {
                    deserr::take_cf_content(<Faults as deserr::MergeWithError<NotAnId>>::merge(
                        None, NotAnId, at,
                    ))
                })
            }
        }

        impl utoipa::IntoParams for $name {
            /// The path parameter `id`.
            fn into_params(
                _: impl Fn() -> Option<utoipa::openapi::path::ParameterIn>,
            ) -> Vec<utoipa::openapi::path::Parameter> {
                let id = utoipa::openapi::path::ParameterBuilder::new()
                    .name("id")
                    .parameter_in(utoipa::openapi::path::ParameterIn::Path)
                    .required(utoipa::openapi::Required::True)
                    .description(Some("Its id."))
                    .schema(Some(<Self as utoipa::PartialSchema>::schema()))
                    .build();
                vec![id]
            }
        }

        impl diesel::serialize::ToSql<diesel::sql_types::Uuid, diesel::pg::Pg> for $name {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>,
            ) -> diesel::serialize::Result {
                <uuid::Uuid as diesel::serialize::ToSql<diesel::sql_types::Uuid, diesel::pg::Pg>>::to_sql(&self.0, out)
            }
        }

        impl diesel::deserialize::FromSql<diesel::sql_types::Uuid, diesel::pg::Pg> for $name {
            fn from_sql(bytes: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
                <uuid::Uuid as diesel::deserialize::FromSql<diesel::sql_types::Uuid, diesel::pg::Pg>>::from_sql(bytes).map(Self)
            }
        }
    )+};
}

uuid_id! {
    /// Identifies one account: a reader or a member of the staff.
    AccountId
    /// Identifies one log-in and what was refreshed from it.
    SessionId
    /// Identifies one comment; ids follow the order of writing.
    CommentId
    /// Identifies one rule of moderation.
    RuleId
    /// Identifies one sanction on an account.
    SanctionId
    /// Identifies one appeal of a removal.
    AppealId
    /// Identifies one article for the life of the portal; never reused.
    ArticleId
    /// Identifies one author of one publisher.
    AuthorId
    /// Identifies one category.
    CategoryId
    /// Identifies one correction notice.
    CorrectionId
    /// Identifies one import job.
    ImportId
    /// Identifies one API key; not the key itself.
    ApiKeyId
    /// Identifies one pin or exclusion.
    OverrideId
    /// Identifies one publisher.
    PublisherId
    /// Identifies one ranking snapshot.
    SnapshotId
    /// Identifies one story: near-duplicate articles.
    StoryId
    /// Identifies one tag.
    TagId
}
