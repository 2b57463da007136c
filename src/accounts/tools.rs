//! What the handlers of accounts share. One per process.

use super::{
    hashing::Hasher,
    issuers::Issuers,
    mail::Post,
    model::person::Password,
    secret::random,
    store::{
        failures::{self, Attempt},
        people,
    },
};
use crate::{
    clock::{Clock, Timestamp},
    config::{Accounts, Settings},
    db::{self, Conn, Pool, Prepare},
    error::{Code, Error, Result},
    http::client,
    ids::AccountId,
};
use actix_web::HttpRequest;
use diesel::{QueryableByName, sql_types::Bytea};
use diesel_async::RunQueryDsl;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use tokio::sync::OnceCell;

/// What the handlers of accounts share.
pub struct Tools {
    /// Passwords.
    pub hasher: Hasher,
    /// Who else says who somebody is.
    pub issuers: Issuers,
    /// Mail.
    pub post: Post,
    /// Their part of the settings.
    pub settings: Accounts,
    pool: Pool,
    key: OnceCell<Vec<u8>>,
}

#[derive(QueryableByName)]
struct KeyRow {
    #[diesel(sql_type = Bytea)]
    secret: Vec<u8>,
}

impl Tools {
    /// With the settings, which were checked; on a tokio runtime, where mail is sent from.
    #[must_use]
    pub fn new(settings: &Settings, pool: Pool, clock: Clock) -> Self {
        let post = Post::start(settings, pool.clone(), clock);
        let issuers = Issuers::new(settings);
        let settings = settings.accounts.clone();
        let hasher = Hasher::new(&settings);
        Self { hasher, issuers, post, settings, pool, key: OnceCell::new() }
    }

    /// Whether whoever is logged in knows the account's password; what is stored of it.
    ///
    /// # Errors
    /// 409 for an account without a password, 403 for another password, 429 after too many that failed.
    pub async fn confirm(
        &self,
        pool: &Pool,
        request: &HttpRequest,
        account: AccountId,
        password: &Password,
        now: Timestamp,
    ) -> Result<String> {
        self.ready().await?;
        let (attempt, stored) = {
            let conn = db::get(pool).await?;
            let row = people::by_id(&conn, account, now).await?;
            let row = row.ok_or_else(|| Error::plain(Code::Unauthenticated))?;
            let (Some(email), Some(stored)) = (row.email, row.password_hash) else {
                return Err(Error::plain(Code::NoPassword));
            };
            (self.begin(&conn, request, &email, now).await?, stored)
        };
        if !self.verify(pool, &attempt, Some(&stored), password, now).await? {
            return Err(Error::plain(Code::WrongPassword));
        }
        let conn = db::get(pool).await?;
        failures::forgive(&conn, &attempt).await?;
        Ok(stored)
    }

    /// Counts an attempt to log in with `email`, which is forgiven when it succeeds.
    ///
    /// # Errors
    /// 429 after too many that failed, whether or not there is such an account.
    pub async fn begin(
        &self,
        conn: &Conn,
        request: &HttpRequest,
        email: &str,
        now: Timestamp,
    ) -> Result<Attempt> {
        let network = client::network(client::address(request)).to_string();
        let attempt = Attempt {
            everywhere: self.keyed(&[email]).await?,
            here: self.keyed(&[email, &network]).await?,
        };
        match failures::begin(conn, &attempt, &self.settings, now).await? {
            None => Ok(attempt),
            Some(until) => {
                let wait = u64::try_from(until.since(now).as_secs()).unwrap_or(0).max(1);
                Err(Error::plain(Code::LoginDelayed).with_retry_after(wait))
            }
        }
    }

    /// Whether `password` is the stored one. An attempt that nobody could look at is taken back.
    ///
    /// # Errors
    /// 503 when too many passwords are being checked.
    pub async fn verify(
        &self,
        pool: &Pool,
        attempt: &Attempt,
        stored: Option<&str>,
        password: &Password,
        now: Timestamp,
    ) -> Result<bool> {
        let checked = self.hasher.verify(stored, &password.0).await;
        if checked.is_err() {
            let conn = db::get(pool).await?;
            failures::withdraw(&conn, attempt, now).await?;
        }
        checked
    }

    /// Makes sure that no call below asks for a connection of its own while another is held.
    ///
    /// # Errors
    /// When the database fails on the first call, or the system gives no randomness.
    pub async fn ready(&self) -> Result<()> {
        self.key().await.map(drop)
    }

    /// What an attempt from anywhere with `email` is counted under.
    ///
    /// # Errors
    /// When the database fails on the first call, or the system gives no randomness.
    pub async fn everywhere(&self, email: &str) -> Result<Vec<u8>> {
        self.keyed(&[email]).await
    }

    /// Hashed with a key of the database's own, so that what is stored is no address by itself.
    async fn keyed(&self, parts: &[&str]) -> Result<Vec<u8>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key().await?).map_err(Error::internal)?;
        for part in parts {
            mac.update(part.as_bytes());
            mac.update(&[0]);
        }
        Ok(mac.finalize().into_bytes().to_vec())
    }

    /// The key, the same on every server: whoever comes first makes it.
    async fn key(&self) -> Result<&[u8]> {
        let key = self.key.get_or_try_init(|| async {
            let mut conn = db::get(&self.pool).await?;
            diesel::sql_query(
                "insert into signing_keys (purpose, secret) values ('logins', $1)
                 on conflict (purpose) do nothing",
            )
            .bind::<Bytea, _>(random::<32>()?.to_vec())
            .execute(&mut conn)
            .await?;
            let row: KeyRow =
                diesel::sql_query("select secret from signing_keys where purpose = 'logins'")
                    .prepared()
                    .get_result(&mut conn)
                    .await?;
            Ok::<_, Error>(row.secret)
        });
        Ok(key.await?)
    }
}
