//! What the handlers of accounts share. One per process.

use super::{
    hashing::Hasher,
    secret::random,
    store::failures::{self, Attempt},
};
use crate::{
    clock::Timestamp,
    config::{Accounts, Settings},
    db::{self, Conn, Pool, Prepare},
    error::{Code, Error, Result},
    http::client,
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
    /// With the settings, which were checked.
    #[must_use]
    pub fn new(settings: &Settings, pool: Pool) -> Self {
        let settings = settings.accounts.clone();
        Self { hasher: Hasher::new(&settings), settings, pool, key: OnceCell::new() }
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
