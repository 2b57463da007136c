use crate::{
    articles::input::ArticleInput,
    clock::Timestamp,
    error::{Error, Faults, Result},
    http::body,
};
use serde::Deserialize;
use serde_json::{Value, json};

/// Publishers and categories of the edition.
#[derive(Debug, Deserialize)]
pub struct Catalogue {
    pub publishers: Vec<PublisherEntry>,
    pub categories: Vec<CategoryEntry>,
}

#[derive(Debug, Deserialize)]
pub struct PublisherEntry {
    pub slug: String,
    pub name: Value,
    pub url: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct CategoryEntry {
    pub slug: String,
    pub name: Value,
    pub parent: Option<String>,
    pub position: i32,
}

/// Reads the catalogue.
pub fn catalogue() -> Result<Catalogue> {
    serde_json::from_str(include_str!("../../demo/catalogue.json")).map_err(Error::internal)
}

/// Reads the articles, published before `now` by the minutes each says.
pub fn articles(now: Timestamp) -> Result<Vec<ArticleInput>> {
    include_str!("../../demo/articles.ndjson")
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| article(line, now))
        .collect()
}

fn article(line: &str, now: Timestamp) -> Result<ArticleInput> {
    let mut value = body::parse(line.as_bytes())?;
    if let Value::Object(members) = &mut value {
        let minutes = members.remove("published_minutes_ago").and_then(|m| m.as_i64());
        let at = now.plus_minutes(-minutes.unwrap_or(60));
        members.insert("published_at".into(), json!(at));
        members.insert("status".into(), json!("published"));
    }
    deserr::deserialize(value).map_err(|faults: Faults| Error::invalid(faults))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_article_of_the_edition_may_be_published() {
        let articles = articles(Timestamp::from_millis(1_800_000_000_000)).expect("all valid");
        assert!(articles.len() >= 55, "{}", articles.len());
        for article in articles {
            let faults = article.faults_of_publishing();
            assert!(faults.0.is_empty(), "{}: {faults:?}", article.headline);
        }
    }

    #[test]
    fn every_article_is_filed_under_a_category_and_a_publisher_of_the_catalogue() {
        let catalogue = catalogue().expect("valid");
        for article in articles(Timestamp::from_millis(1_800_000_000_000)).expect("all valid") {
            assert!(catalogue.categories.iter().any(|c| c.slug == article.category));
            assert!(
                catalogue.publishers.iter().any(|p| Some(&p.slug) == article.publisher.as_ref())
            );
        }
    }
}
