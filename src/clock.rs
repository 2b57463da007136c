//! Time as data: instants of millisecond precision, and the one place that reads the system clock.

use crate::error::{Broken, Faults};
use diesel::{
    deserialize::{self, FromSql},
    pg::{Pg, PgValue},
    serialize::{self, Output, ToSql},
    sql_types::Timestamptz,
};
use jiff::{SignedDuration, Unit, tz::TimeZone};
use std::sync::{Arc, Mutex, PoisonError};

/// An instant in UTC, rounded down to milliseconds so that what is stored, sent and compared is one value.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    diesel::expression::AsExpression,
    diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = Timestamptz)]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// Before anything this program stores: the year 1.
    pub const FIRST: Self = Self(jiff::Timestamp::constant(-62_135_596_800, 0));
    /// After anything this program stores: the end of the year 9999.
    pub const LAST: Self = Self(jiff::Timestamp::constant(253_402_207_200, 0));

    /// Milliseconds since 1970-01-01T00:00:00Z; out of the calendar's range becomes its nearest end.
    #[must_use]
    pub fn from_millis(millis: i64) -> Self {
        let nearest = if millis < 0 { Self::FIRST } else { Self::LAST };
        jiff::Timestamp::from_millisecond(millis).map_or(nearest, Self)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn as_millis(self) -> i64 {
        self.0.as_millisecond()
    }

    /// Whole seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn as_seconds(self) -> i64 {
        self.0.as_second()
    }

    /// This instant moved by `minutes`, which may be negative.
    #[must_use]
    pub fn plus_minutes(self, minutes: i64) -> Self {
        self.plus_seconds(minutes * 60)
    }

    /// This instant moved by `seconds`, which may be negative.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_millis(self.as_millis().saturating_add(seconds.saturating_mul(1000)))
    }

    /// How long after `earlier` this is; negative when before.
    #[must_use]
    pub fn since(self, earlier: Self) -> SignedDuration {
        self.0.duration_since(earlier.0)
    }

    /// The start of the clock hour this instant lies in, on a wall clock of `zone`.
    #[must_use]
    pub fn start_of_hour(self, zone: &TimeZone) -> Self {
        let local = self.0.to_zoned(zone.clone());
        local
            .round(jiff::ZonedRound::new().smallest(Unit::Hour).mode(jiff::RoundMode::Trunc))
            .map_or(self, |z| Self::from(z.timestamp()))
    }

    /// Midnight of the day this instant lies in, in `zone`.
    #[must_use]
    pub fn start_of_day(self, zone: &TimeZone) -> Self {
        let local = self.0.to_zoned(zone.clone());
        local.start_of_day().map_or(self, |z| Self::from(z.timestamp()))
    }

    /// The midnight that ends the day this instant lies in, in `zone`.
    #[must_use]
    pub fn end_of_day(self, zone: &TimeZone) -> Self {
        let local = self.0.to_zoned(zone.clone());
        let next = local.tomorrow().and_then(|z| z.start_of_day());
        next.map_or(self, |z| Self::from(z.timestamp()))
    }

    /// The calendar day this instant lies in, in `zone`.
    #[must_use]
    pub fn day(self, zone: &TimeZone) -> jiff::civil::Date {
        self.0.to_zoned(zone.clone()).date()
    }

    /// The year in UTC.
    #[must_use]
    pub fn year(self) -> i16 {
        self.0.to_zoned(TimeZone::UTC).year()
    }

    /// An HTTP date (RFC 9110, 5.6.7), seconds precision.
    #[must_use]
    pub fn to_http_date(self) -> String {
        self.0.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(at: jiff::Timestamp) -> Self {
        Self::from_millis(at.as_nanosecond().div_euclid(1_000_000) as i64)
    }
}

impl std::fmt::Display for Timestamp {
    /// RFC 3339 in UTC with exactly three decimals and a `Z`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.strftime("%Y-%m-%dT%H:%M:%S.%3fZ"))
    }
}

impl std::str::FromStr for Timestamp {
    type Err = jiff::Error;
    /// Any RFC 3339 instant; finer than a millisecond is cut.
    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        text.parse::<jiff::Timestamp>().map(Self::from)
    }
}

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl utoipa::PartialSchema for Timestamp {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .max_length(Some(40))
            .examples(["2026-11-22T09:00:00.000Z"])
            .description(Some("RFC 3339 in UTC with milliseconds."))
            .into()
    }
}

impl utoipa::ToSchema for Timestamp {
    fn name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }
}

impl ToSql<Timestamptz, Pg> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let at = jiff_diesel::Timestamp::from(self.0);
        <jiff_diesel::Timestamp as ToSql<Timestamptz, Pg>>::to_sql(&at, &mut out.reborrow())
    }
}

impl FromSql<Timestamptz, Pg> for Timestamp {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        <jiff_diesel::Timestamp as FromSql<Timestamptz, Pg>>::from_sql(bytes)
            .map(|at| Self::from(at.to_jiff()))
    }
}

/// Where "now" comes from: the system, or a hand that a test moves.
#[derive(Debug, Clone, Default)]
pub struct Clock(Option<Arc<Mutex<Timestamp>>>);

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(None)
    }

    /// A clock that stands still until [`Clock::set`].
    #[must_use]
    pub fn fixed(at: Timestamp) -> Self {
        Self(Some(Arc::new(Mutex::new(at))))
    }

    /// Moves a fixed clock; a system clock stays what it is.
    pub fn set(&self, at: Timestamp) {
        if let Some(hand) = &self.0 {
            *hand.lock().unwrap_or_else(PoisonError::into_inner) = at;
        }
    }

    /// The present instant.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system clock")]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            None => jiff::Timestamp::now().into(),
            Some(hand) => *hand.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }
}

/// A text that is no instant.
#[derive(Debug, thiserror::Error)]
#[error("must be an RFC 3339 instant such as 2026-11-22T09:00:00Z")]
pub struct NotAnInstant;

impl Broken for NotAnInstant {
    fn code(&self) -> &'static str {
        "invalid_instant"
    }
    fn detail_ko(&self) -> String {
        "2026-11-22T09:00:00Z 같은 RFC 3339 시각이어야 합니다.".into()
    }
}

impl deserr::Deserr<Faults> for Timestamp {
    fn deserialize_from_value<V: deserr::IntoValue>(
        value: deserr::Value<V>,
        at: deserr::ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let text = String::deserialize_from_value(value, at)?;
        // PostgreSQL's and every client's calendar: the years 1 to 9999.
        let instant = text.parse::<Self>().ok().filter(|at| (1..=9999).contains(&at.year()));
        instant.ok_or_else(|| {
            deserr::take_cf_content(<Faults as deserr::MergeWithError<NotAnInstant>>::merge(
                None,
                NotAnInstant,
                at,
            ))
        })
    }
}
