//! Visitors who said so: signed tokens that the server need not remember.
//!
//! - `token` how one is made and read (pure)

mod token;

pub use token::VisitorId;

use crate::{
    clock::Timestamp,
    config::Settings,
    db::{self, Pool, Prepare},
    error::{Error, Fault, Faults, Message, Place, Result},
};
use actix_web::{HttpRequest, http::header::COOKIE};
use diesel::{
    QueryableByName,
    sql_types::{Bytea, Text},
};
use diesel_async::RunQueryDsl;
use tokio::sync::OnceCell;
use utoipa::{
    IntoParams,
    openapi::{
        ObjectBuilder, Required,
        path::{Parameter, ParameterBuilder, ParameterIn},
        schema::Type,
    },
};

/// The header that shows a token.
pub const HEADER: &str = "X-Visitor-Token";

/// The cookie that shows a token.
pub const COOKIE_NAME: &str = "sosik_visitor";

/// The longest token, in characters, with room for others to come.
pub const TOKEN_MAX: usize = 200;

/// Minutes that another server's clock may be ahead.
const AHEAD_MINUTES: i64 = 5;

/// Makes and reads tokens. One per process.
pub struct Tokens {
    pool: Pool,
    key: OnceCell<[u8; 32]>,
    days: u32,
    secure: bool,
}

/// A fresh token.
#[derive(Debug, Clone)]
pub struct Issued {
    /// `vt_…`.
    pub token: String,
    /// When it ends.
    pub expires_at: Timestamp,
    /// A `Set-Cookie` header that makes a browser show it.
    pub cookie: String,
}

/// Why a token is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unusable {
    Malformed,
    Expired,
}

#[derive(QueryableByName)]
struct KeyRow {
    #[diesel(sql_type = Bytea)]
    secret: Vec<u8>,
}

impl Tokens {
    /// Signs with the key in the database of `pool`, which is made on first use.
    #[must_use]
    pub fn new(pool: Pool, settings: &Settings) -> Self {
        let secure = settings.public_url().starts_with("https://");
        Self { pool, key: OnceCell::new(), days: settings.visitors.token_days, secure }
    }

    /// A token for a visitor nobody knows yet.
    ///
    /// # Errors
    /// When the database fails on the first call, or the system gives no randomness.
    pub async fn issue(&self, now: Timestamp) -> Result<Issued> {
        let token = token::seal(self.key().await?, VisitorId(random()?), now);
        let age_s = u64::from(self.days) * 86_400;
        let secure = if self.secure { "; Secure" } else { "" };
        let cookie = format!(
            "{COOKIE_NAME}={token}; Path=/; Max-Age={age_s}; HttpOnly; SameSite=Lax{secure}"
        );
        Ok(Issued { token, expires_at: self.end(now), cookie })
    }

    /// Who shows a token: in the header, in the body of an event, or in the cookie. What a caller sent
    /// on purpose must be valid; a stale cookie is as good as none.
    ///
    /// # Errors
    /// 422 for a token in the header or the body that is malformed or expired.
    pub async fn shown(
        &self,
        request: &HttpRequest,
        body: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<VisitorId>> {
        let mut faults = Faults::default();
        let mut named = None;
        let header = request.headers().get(HEADER).map(|value| value.to_str().unwrap_or_default());
        let places = [(header, Place::Header(HEADER)), (body, Place::Pointer("/visitor".into()))];
        for (token, place) in places {
            let Some(token) = token else { continue };
            match self.read(token, now).await? {
                Ok(id) => named = named.or(Some(id)),
                Err(why) => faults.0.push(fault(place, why)),
            }
        }
        if !faults.0.is_empty() {
            return Err(Error::invalid(faults));
        }
        match (named, cookie(request)) {
            (None, Some(token)) => Ok(self.read(&token, now).await?.ok()),
            (named, _) => Ok(named),
        }
    }

    async fn read(&self, token: &str, now: Timestamp) -> Result<Result<VisitorId, Unusable>> {
        if token.len() > TOKEN_MAX {
            return Ok(Err(Unusable::Malformed));
        }
        let Some((id, issued_at)) = token::open(self.key().await?, token) else {
            return Ok(Err(Unusable::Malformed));
        };
        Ok(if issued_at > now.plus_minutes(AHEAD_MINUTES) {
            Err(Unusable::Malformed)
        } else if now < self.end(issued_at) {
            Ok(id)
        } else {
            Err(Unusable::Expired)
        })
    }

    /// The end of a token issued at `at`, which tokens name to the second.
    fn end(&self, at: Timestamp) -> Timestamp {
        Timestamp::from_millis(at.as_seconds() * 1000).plus_minutes(i64::from(self.days) * 1440)
    }

    /// The signing key, the same on every server: whoever comes first makes it.
    async fn key(&self) -> Result<&[u8; 32]> {
        self.key
            .get_or_try_init(|| async {
                let mut conn = db::get(&self.pool).await?;
                diesel::sql_query(
                    "insert into signing_keys (purpose, secret) values ('visitor', $1)
                     on conflict (purpose) do nothing",
                )
                .bind::<Bytea, _>(random::<32>()?.to_vec())
                .execute(&mut conn)
                .await?;
                let row = diesel::sql_query("select secret from signing_keys where purpose = $1")
                    .bind::<Text, _>("visitor")
                    .prepared()
                    .get_result::<KeyRow>(&mut conn)
                    .await?;
                row.secret.try_into().map_err(|_| Error::internal("a signing key of odd length"))
            })
            .await
    }
}

fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bits = [0; N];
    let random = rustls::crypto::ring::default_provider().secure_random;
    random.fill(&mut bits).map_err(|_| Error::internal("no randomness"))?;
    Ok(bits)
}

fn cookie(request: &HttpRequest) -> Option<String> {
    let headers = request.headers().get_all(COOKIE).filter_map(|value| value.to_str().ok());
    let pairs = headers.flat_map(|text| text.split(';')).filter_map(|pair| pair.split_once('='));
    let mut named = pairs.filter(|(name, _)| name.trim() == COOKIE_NAME);
    named.next().map(|(_, token)| token.trim().to_owned())
}

fn fault(place: Place, why: Unusable) -> Fault {
    let (code, en, ko) = match why {
        Unusable::Malformed => {
            ("invalid", "Not a visitor token of this server.", "이 서버의 방문자 토큰이 아닙니다.")
        }
        Unusable::Expired => {
            ("expired", "This visitor token has ended.", "기한이 지난 방문자 토큰입니다.")
        }
    };
    Fault { place, code, detail: Message::new(en, ko) }
}

/// The header in the OpenAPI document.
pub struct TokenHeader;

impl IntoParams for TokenHeader {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let schema = ObjectBuilder::new().schema_type(Type::String).max_length(Some(TOKEN_MAX));
        let header = ParameterBuilder::new()
            .name(HEADER)
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some(
                "A visitor token. Browsers show theirs in the cookie `sosik_visitor` by themselves.",
            ))
            .schema(Some(schema));
        vec![header.build()]
    }
}
