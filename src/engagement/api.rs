//! The endpoints, by what they are about.

mod events;
mod reactions;
mod stats;
mod visitors;

pub use reactions::actor;

use super::{Batch, round::Outcome};
use crate::{
    articles::{access::gone, store as articles},
    config::Settings,
    db,
    error::{Error, What},
    ids::ArticleId,
};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the endpoints.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(events::record_view)
        .service(events::record_share)
        .service(reactions::put_reaction)
        .service(reactions::delete_reaction)
        .service(stats::get_article_stats)
        .service(visitors::create_visitor);
}

/// The problem of an article that takes no events: 404, or 410 with its tombstone.
async fn refused(
    batch: &Batch,
    settings: &Settings,
    article: ArticleId,
    outcome: Outcome,
) -> Error {
    if outcome != Outcome::Withdrawn {
        return Error::not_found(What::Article);
    }
    let found = async {
        let conn = db::get(batch.pool()).await?;
        articles::find(&conn, article, &settings.public_url()).await
    };
    match found.await {
        Ok(found) => found.map_or_else(|| Error::not_found(What::Article), |found| gone(&found)),
        Err(error) => error,
    }
}
