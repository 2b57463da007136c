//! Articles for tests, made as a publisher makes them.

use super::TestApp;
use reqwest::Method;
use serde_json::{Value, json};
use sosik::ids::ArticleId;

/// An article about to be written.
pub struct ArticleBuilder<'a> {
    app: &'a TestApp,
    category: String,
    publisher: String,
    headline: String,
    status: &'static str,
    minutes_ago: i64,
    more: Value,
}

impl<'a> ArticleBuilder<'a> {
    pub(super) fn new(app: &'a TestApp) -> Self {
        Self {
            app,
            category: "economy".to_owned(),
            publisher: "haneul".to_owned(),
            headline: headline(),
            status: "published",
            minutes_ago: 0,
            more: json!({}),
        }
    }

    /// Filed under this category, which is made when missing.
    pub fn in_category(mut self, slug: &str) -> Self {
        self.category = slug.to_owned();
        self
    }

    /// Of this publisher, which is made when missing.
    pub fn by(mut self, slug: &str) -> Self {
        self.publisher = slug.to_owned();
        self
    }

    /// With this headline.
    pub fn headline(mut self, text: &str) -> Self {
        self.headline = text.to_owned();
        self
    }

    /// Published so many minutes before the app's clock; just now otherwise.
    pub fn published(mut self, minutes_ago: i64) -> Self {
        self.minutes_ago = minutes_ago;
        self
    }

    /// Not published.
    pub fn draft(mut self) -> Self {
        self.status = "draft";
        self
    }

    /// With more members, or others, in the body of the request.
    pub fn with(mut self, members: &Value) -> Self {
        merge(&mut self.more, members);
        self
    }

    /// Writes it; its id.
    pub async fn create(self) -> ArticleId {
        let id = self.create_full().await["id"].clone();
        serde_json::from_value(id).expect("an id")
    }

    /// Writes it; the article as the API answered.
    pub async fn create_full(self) -> Value {
        self.app.publisher(&self.publisher).await;
        self.app.category(&self.category).await;
        let mut body = json!({
            "publisher": self.publisher,
            "category": self.category,
            "headline": self.headline,
            "body": [{"type": "paragraph", "text": "본문입니다."}],
            "language": "ko",
            "status": self.status,
        });
        if self.status == "published" {
            let at = self.app.clock.now().plus_minutes(-self.minutes_ago);
            body["published_at"] = json!(at);
        }
        merge(&mut body, &self.more);
        let call = self.app.request(Method::POST, "/v1/articles").bearer(self.app.admin());
        call.json(&body).send().await.expect(201).json
    }
}

/// A headline like no other: articles of one headline tell one report.
pub fn headline() -> String {
    let letters = uuid::Uuid::new_v4().into_bytes();
    let word = |letters: &[u8]| -> String {
        let letter = |pair: &[u8]| 0xac00 + (u32::from(pair[0]) * 43 + u32::from(pair[1])) % 11_172;
        letters.chunks(2).filter_map(|pair| char::from_u32(letter(pair))).collect()
    };
    letters.chunks(6).map(word).collect::<Vec<_>>().join(" ")
}

fn merge(into: &mut Value, members: &Value) {
    for (name, value) in members.as_object().into_iter().flatten() {
        into[name] = value.clone();
    }
}
