//! The secret of the day: from it visitors and networks are derived, and with it they are forgotten.

use crate::{
    db::{self, Pool, Prepare},
    error::Result,
};
use diesel::{
    QueryResult,
    sql_types::{Bytea, Date},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::civil;
use sha2::{Digest, Sha256};
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// Remembers the secret of the day it was last asked for.
#[derive(Debug, Default)]
pub struct Secrets(Mutex<Option<(civil::Date, [u8; 32])>>);

impl Secrets {
    /// The secret of `day`, the same on every server: whoever comes first makes it.
    ///
    /// # Errors
    /// When the database fails, on the first call of a day.
    pub async fn of(&self, pool: &Pool, day: civil::Date) -> Result<[u8; 32]> {
        let held = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, secret)) = held.filter(|(held, _)| *held == day) {
            return Ok(secret);
        }
        let mut conn = db::get(pool).await?;
        let secret = make_or_read(&mut conn, day).await?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((day, secret));
        Ok(secret)
    }
}

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = Bytea)]
    secret: Vec<u8>,
}

async fn make_or_read(conn: &mut AsyncPgConnection, day: civil::Date) -> QueryResult<[u8; 32]> {
    let day = jiff_diesel::ToDiesel::to_diesel(day);
    diesel::sql_query(
        "insert into day_secrets (day, secret) values ($1, $2) on conflict (day) do nothing",
    )
    .bind::<Date, _>(day)
    .bind::<Bytea, _>(fresh().to_vec())
    .execute(conn)
    .await?;
    let row = diesel::sql_query("select secret from day_secrets where day = $1")
        .bind::<Date, _>(day)
        .prepared()
        .get_result::<Row>(conn)
        .await?;
    Ok(Sha256::digest(&row.secret).into())
}

/// 244 random bits from the operating system, as 32 bytes.
fn fresh() -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(Uuid::new_v4());
    hash.update(Uuid::new_v4());
    hash.finalize().into()
}
