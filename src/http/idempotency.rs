//! Creating requests that may be sent twice: the key's row, the effect and the stored answer are
//! written in one transaction, so that a retry finds either all of them or none.

use crate::{
    db::{self, Pool, Prepare},
    error::{Code, Error, Faults, Message, Place, Result},
    http::{auth::Principal, limit::decoded},
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{HeaderName, HeaderValue},
    },
};
use diesel::{
    QueryableByName,
    sql_types::{BigInt, Binary, Bool, Jsonb, SmallInt, Text, Timestamptz},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Hours an answer is kept for replays.
pub const KEPT_HOURS: i64 = 24;

/// An answer that can be stored and sent again.
#[derive(Debug, Clone)]
pub struct Stored {
    status: StatusCode,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Stored {
    /// An answer with a JSON body.
    ///
    /// # Errors
    /// `Internal` when the body cannot be written as JSON.
    pub fn json(status: StatusCode, body: &impl Serialize) -> Result<Self> {
        let body = serde_json::to_vec(body).map_err(Error::internal)?;
        Ok(Self { status, headers: Vec::new(), body })
    }

    /// Adds a header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    fn to_response(&self, replayed: bool) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response.insert_header(("cache-control", "private, no-store"));
        for (name, value) in &self.headers {
            let pair = (HeaderName::try_from(name.as_str()), HeaderValue::from_str(value));
            if let (Ok(name), Ok(value)) = pair {
                response.insert_header((name, value));
            }
        }
        if replayed {
            response.insert_header(("idempotency-replayed", "true"));
        }
        response.content_type("application/json").body(self.body.clone())
    }
}

/// One creating request: its key, if it has one, and what the key stands for.
#[derive(Debug)]
pub struct Once {
    key: Option<String>,
    principal: String,
    route: String,
    fingerprint: Vec<u8>,
    secret: bool,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Binary)]
    fingerprint: Vec<u8>,
    #[diesel(sql_type = SmallInt)]
    status: i16,
    #[diesel(sql_type = Jsonb)]
    headers: serde_json::Value,
    #[diesel(sql_type = Binary)]
    body: Vec<u8>,
    #[diesel(sql_type = Bool)]
    secret: bool,
}

#[derive(QueryableByName)]
struct Locked {
    #[diesel(sql_type = Bool)]
    locked: bool,
}

impl Once {
    /// Reads `Idempotency-Key`: 1 to 255 printable ASCII characters.
    ///
    /// # Errors
    /// 422 for a key that is empty, too long or not ASCII.
    pub fn new(request: &HttpRequest, principal: &Principal, body: &[u8]) -> Result<Self> {
        let key = request.headers().get("idempotency-key").map(|value| {
            value
                .to_str()
                .ok()
                .filter(|key| (1..=255).contains(&key.len()))
                .map(ToOwned::to_owned)
                .ok_or_else(|| {
                    Error::invalid(Faults(vec![crate::error::Fault {
                        place: Place::Header("Idempotency-Key"),
                        code: "invalid",
                        detail: Message::new(
                            "Must have 1 to 255 printable ASCII characters.",
                            "1자에서 255자의 ASCII 문자여야 합니다.",
                        ),
                    }]))
                })
        });
        let mut hash = Sha256::new();
        hash.update(request.query_string().as_bytes());
        hash.update([0]);
        hash.update(body);
        Ok(Self {
            key: key.transpose()?,
            principal: principal.id().to_string(),
            route: format!("{} {}", request.method(), decoded(request.path())),
            fingerprint: hash.finalize().to_vec(),
            secret: false,
        })
    }

    /// The answer holds a secret: its body is not stored, a replay is 409.
    #[must_use]
    pub fn issuing_secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// The answer that is stored for the key, if there is one: for work that must be done before the
    /// transaction of [`Once::run`].
    ///
    /// # Errors
    /// 409 or 422 as of `run`, and what the database says.
    pub async fn replayed(&self, pool: &Pool) -> Result<Option<HttpResponse>> {
        let Some(key) = &self.key else { return Ok(None) };
        let mut conn = db::get(pool).await?;
        let row = self.find(&mut conn, key).await?;
        row.map(|row| Ok(self.replay(row)?.to_response(true))).transpose()
    }

    /// Runs `effect` in a transaction, at most once for its key.
    ///
    /// # Errors
    /// 409 while a twin runs or when a secret was issued, 422 when the key stood for another request,
    /// and what `effect` returns; then nothing is stored.
    pub async fn run<F>(&self, pool: &Pool, effect: F) -> Result<HttpResponse>
    where
        F: AsyncFn(&mut AsyncPgConnection) -> Result<Stored>,
    {
        let mut conn = db::get(pool).await?;
        let (stored, replayed) = db::transaction(&mut conn, async |conn| {
            let Some(key) = &self.key else {
                return Ok((effect(conn).await?, false));
            };
            self.lock(conn, key).await?;
            if let Some(row) = self.find(conn, key).await? {
                return Ok::<_, Error>((self.replay(row)?, true));
            }
            let stored = effect(conn).await?;
            self.store(conn, key, &stored).await?;
            Ok((stored, false))
        })
        .await?;
        Ok(stored.to_response(replayed))
    }

    /// Never waits on a twin with a connection in hand.
    async fn lock(&self, conn: &mut AsyncPgConnection, key: &str) -> Result<()> {
        let digest = Sha256::digest(format!("{}\0{}\0{key}", self.principal, self.route));
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        let row: Locked = diesel::sql_query("select pg_try_advisory_xact_lock($1) as locked")
            .bind::<BigInt, _>(i64::from_be_bytes(first))
            .prepared()
            .get_result(conn)
            .await?;
        if row.locked {
            return Ok(());
        }
        Err(Error::plain(Code::IdempotencyInFlight).with_retry_after(1))
    }

    async fn find(&self, conn: &mut AsyncPgConnection, key: &str) -> Result<Option<Row>> {
        let rows: Vec<Row> = diesel::sql_query(include_str!("idempotency/find.sql"))
            .bind::<Text, _>(&self.principal)
            .bind::<Text, _>(&self.route)
            .bind::<Text, _>(key)
            .prepared()
            .load(conn)
            .await?;
        Ok(rows.into_iter().next())
    }

    fn replay(&self, row: Row) -> Result<Stored> {
        if row.fingerprint != self.fingerprint {
            return Err(Error::plain(Code::IdempotencyKeyReused));
        }
        if row.secret {
            return Err(Error::plain(Code::SecretAlreadyIssued));
        }
        let status = u16::try_from(row.status).ok().and_then(|s| StatusCode::from_u16(s).ok());
        Ok(Stored {
            status: status.unwrap_or(StatusCode::OK),
            headers: serde_json::from_value(row.headers).map_err(Error::internal)?,
            body: row.body,
        })
    }

    async fn store(&self, conn: &mut AsyncPgConnection, key: &str, stored: &Stored) -> Result<()> {
        let body: &[u8] = if self.secret { &[] } else { &stored.body };
        diesel::sql_query(include_str!("idempotency/store.sql"))
            .bind::<Text, _>(&self.principal)
            .bind::<Text, _>(&self.route)
            .bind::<Text, _>(key)
            .bind::<Binary, _>(&self.fingerprint)
            .bind::<SmallInt, _>(i16::try_from(stored.status.as_u16()).unwrap_or(200))
            .bind::<Jsonb, _>(serde_json::to_value(&stored.headers).map_err(Error::internal)?)
            .bind::<Binary, _>(body)
            .bind::<Bool, _>(self.secret)
            .prepared()
            .execute(conn)
            .await?;
        Ok(())
    }
}

/// Forgets answers older than [`KEPT_HOURS`] at `now`.
///
/// # Errors
/// What the database says.
pub async fn prune(conn: &mut AsyncPgConnection, now: crate::clock::Timestamp) -> Result<usize> {
    let limit = now.plus_minutes(-KEPT_HOURS * 60);
    let gone = diesel::sql_query("delete from idempotency_keys where created_at < $1")
        .bind::<Timestamptz, _>(limit)
        .prepared()
        .execute(conn)
        .await?;
    Ok(gone)
}
