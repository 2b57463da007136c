//! Starts the server as `sosik serve` does, on port 0, against a database of its own.

use super::{
    article::ArticleBuilder,
    cluster,
    person::Person,
    reply::{Call, Reply},
    template,
};
use actix_web::dev::ServerHandle;
use diesel::{
    QueryableByName,
    sql_types::{Array, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use reqwest::{Client, Method, redirect};
use serde_json::Value;
use sosik::{
    clock::{Clock, Timestamp},
    config::Settings,
    db::Pool,
    http::auth::secret_hash,
    server::{Services, start},
};
use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
};
use tokio::sync::OnceCell;
use uuid::Uuid;

/// When tests take place, unless they move the clock: 18:00 in Seoul.
const NOW: &str = "2026-11-22T09:00:00Z";

/// A server of its own for one test.
pub struct TestApp {
    /// Where it listens, such as `http://127.0.0.1:40000`.
    pub base_url: String,
    /// Its clock, which stands still until moved.
    pub clock: Clock,
    /// Its settings.
    pub settings: Settings,
    /// Its database.
    pub pool: Pool,
    client: Client,
    admin: String,
    server: ServerHandle,
    database: String,
    pub(super) someone: OnceCell<Person>,
}

impl TestApp {
    /// With the default settings.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// With settings of its own.
    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let database = template::clone().await;
        let mut settings: Settings = deserr::deserialize(serde_json::json!({}))
            .map_err(|f: sosik::error::Faults| f)
            .expect("defaults");
        settings.workers = 1;
        settings.database.pool_size = 6;
        // The machine may be busy: a test must not fail because a statement was slow.
        settings.timeouts.statement_ms = 20_000;
        settings.timeouts.pool_ms = 20_000;
        settings.timeouts.lock_ms = 20_000;
        settings.limits.registrations_per_minute = 10_000;
        settings.limits.logins_per_minute = 10_000;
        // Hashes that a test need not wait for.
        settings.accounts.argon2_memory_kib = 64;
        settings.accounts.argon2_passes = 1;
        settings.accounts.hashing_queue = 1_000;
        change(&mut settings);
        let clock = Clock::fixed(NOW.parse().expect("an instant"));
        let pool = sosik::db::pool(&cluster::url(&database), &settings).expect("a pool");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base_url = format!("http://{}", listener.local_addr().expect("bound"));
        let services = Services::new(settings.clone(), pool.clone(), clock.clone());
        let server = start(services, listener).expect("a server");
        let handle = server.handle();
        tokio::spawn(server);
        let mut app = Self {
            base_url,
            clock,
            settings,
            pool,
            client: client(),
            admin: String::new(),
            server: handle,
            database,
            someone: OnceCell::new(),
        };
        app.admin = app.key(&["admin"], None).await;
        app
    }

    /// A GET without a key.
    pub async fn get(&self, path: &str) -> Reply {
        self.request(Method::GET, path).send().await
    }

    /// A request to build.
    pub fn request(&self, method: Method, path: &str) -> Call {
        Call::new(&self.client, method, &self.base_url, path)
    }

    /// Bytes as they are, over a connection of their own; what came back until it closed.
    pub fn raw(&self, bytes: &[u8]) -> String {
        let address = self.base_url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).expect("the server listens");
        stream.write_all(bytes).expect("the server reads");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("the server closes");
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// A key that holds `admin` and is bound to no publisher.
    pub fn admin(&self) -> &str {
        &self.admin
    }

    /// A fresh key; its publisher is made when missing.
    pub async fn key(&self, scopes: &[&str], publisher: Option<&str>) -> String {
        let publisher = match publisher {
            Some(slug) => Some(self.publisher(slug).await),
            None => None,
        };
        let secret = format!("sk_{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        let scopes: Vec<_> = scopes.iter().map(ToString::to_string).collect();
        diesel::sql_query(
            "insert into api_keys (id, name, prefix, secret_hash, scopes, publisher_id, created_at)
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind::<SqlUuid, _>(Uuid::now_v7())
        .bind::<Text, _>(format!("test {}", scopes.join(" ")))
        .bind::<Text, _>(&secret[..11])
        .bind::<diesel::sql_types::Binary, _>(secret_hash(&secret).to_vec())
        .bind::<Array<Text>, _>(&scopes)
        .bind::<Nullable<SqlUuid>, _>(publisher)
        .bind::<Timestamptz, _>(self.clock.now())
        .execute(&mut self.pool.get().await.expect("a connection"))
        .await
        .expect("a key");
        secret
    }

    /// The id of the publisher with this slug, which is made when missing.
    pub async fn publisher(&self, slug: &str) -> Uuid {
        self.named(
            "insert into publishers (id, slug, name_ko, name_en, created_at, updated_at)
             values ($1, $2, $2, $2, $3, $3)
             on conflict (slug) do update set slug = excluded.slug returning to_jsonb(id) as value",
            slug,
        )
        .await
    }

    /// The id of the root category with this slug, which is made when missing.
    pub async fn category(&self, slug: &str) -> Uuid {
        let id = self
            .named(
                "insert into categories (id, slug, name_ko, name_en, created_at, updated_at)
                 values ($1, $2, $2, $2, $3, $3)
                 on conflict (slug) do update set slug = excluded.slug returning to_jsonb(id) as value",
                slug,
            )
            .await;
        self.sql(&format!(
            "insert into category_ancestors values ('{id}', '{id}', 0) on conflict do nothing"
        ))
        .await;
        id
    }

    /// An article to describe.
    pub fn article(&self) -> ArticleBuilder<'_> {
        ArticleBuilder::new(self)
    }

    /// Runs statements in the app's database.
    pub async fn sql(&self, statements: &str) {
        let mut conn = self.pool.get().await.expect("a connection");
        conn.batch_execute(statements).await.expect("the statements run");
    }

    /// The one value of a query such as `select count(*) from articles`, as JSON.
    pub async fn value(&self, query: &str) -> Value {
        let mut conn = self.pool.get().await.expect("a connection");
        diesel::sql_query(format!("select coalesce(to_jsonb(({query})), 'null') as value"))
            .get_result::<One>(&mut conn)
            .await
            .expect("one value")
            .value
    }

    async fn named(&self, statement: &str, slug: &str) -> Uuid {
        let row: One = diesel::sql_query(statement)
            .bind::<SqlUuid, _>(Uuid::now_v7())
            .bind::<Text, _>(slug)
            .bind::<Timestamptz, Timestamp>(self.clock.now())
            .get_result(&mut self.pool.get().await.expect("a connection"))
            .await
            .expect("a row");
        serde_json::from_value(row.value).expect("an id")
    }
}

#[derive(QueryableByName)]
struct One {
    #[diesel(sql_type = Jsonb)]
    value: Value,
}

fn client() -> Client {
    // Plain HTTP only, but the client asks for a provider of TLS before it is built.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder().no_proxy().redirect(redirect::Policy::none());
    builder.build().expect("a client")
}

impl Drop for TestApp {
    /// In the background: what is not done when the run ends goes with the cluster.
    fn drop(&mut self) {
        let stopped = self.server.stop(false);
        self.pool.close();
        let sql = format!("drop database {} with (force)", self.database);
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            if let Ok(runtime) = runtime {
                runtime.block_on(async {
                    stopped.await;
                    template::administer(&sql).await;
                });
            }
        });
    }
}
