//! People with accounts, put into the database as a log-in leaves them there.

use super::TestApp;
use diesel::sql_types::{Array, Bytea, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use sosik::{http::auth::secret_hash, ids::AccountId, text::skeleton};
use uuid::Uuid;

/// Someone with an account, logged in.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their account.
    pub id: AccountId,
    /// A valid access token, for `Call::bearer`.
    pub token: String,
    /// Their display name.
    pub name: String,
}

impl TestApp {
    /// A reader of this display name, which nobody has yet.
    pub async fn reader(&self, name: &str) -> Person {
        self.staff(name, &[]).await
    }

    /// A reader, the same one each time, or a fresh one: for code that cannot wait.
    pub fn some_reader(&self, fresh: bool) -> Person {
        let name = || format!("r{}", &Uuid::new_v4().simple().to_string()[..18]);
        let make = async || self.reader(&name()).await;
        let made = async {
            match fresh {
                true => make().await,
                false => self.someone.get_or_init(make).await.clone(),
            }
        };
        tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(made))
    }

    /// A member of the staff of this display name, which nobody has yet.
    pub async fn staff(&self, name: &str, roles: &[&str]) -> Person {
        let id = AccountId::new();
        let now = self.clock.now();
        let token = format!("at_{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        let mut conn = self.pool.get().await.expect("a connection");
        diesel::sql_query(
            "with person as (
                 insert into accounts (id, email, display_name, name_key, roles, created_at, changed_at)
                 values ($1, $1 || '@example.kr', $2, $3, $4, $5, $5)
             )
             insert into sessions (id, account_id, access_hash, access_expires_at, refresh_hash, refresh_expires_at, created_at, refreshed_at)
             values ($6, $1, $7, $5 + interval '1000 days', $8, $5 + interval '1000 days', $5, $5)",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(name)
        .bind::<Text, _>(skeleton(name))
        .bind::<Array<Text>, _>(roles)
        .bind::<Timestamptz, _>(now)
        .bind::<SqlUuid, _>(Uuid::now_v7())
        .bind::<Bytea, _>(secret_hash(&token).to_vec())
        .bind::<Bytea, _>(secret_hash(&format!("rt_{token}")).to_vec())
        .execute(&mut conn)
        .await
        .expect("a person");
        Person { id, token, name: name.to_owned() }
    }
}
