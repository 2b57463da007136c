//! The endpoints of comments.
//!
//! - `list` threads, replies, single comments
//! - `summary` how many there are, and the policy
//! - `write` new comments, edits, removals, previews
//! - `acts` votes, reports, pins, appeals
//! - `policy` who sets what
//! - `stream` what happens, as it happens

mod acts;
mod list;
mod policy;
mod stream;
mod summary;
mod write;

use crate::http::method;
use actix_web::web;
use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list::list_comments)
        .service(write::create_comment)
        .service(summary::get_comments_summary)
        .service(stream::stream_comments)
        .service(policy::get_comment_policy)
        .service(policy::put_comment_policy)
        .service(policy::get_publisher_comment_policy)
        .service(policy::put_publisher_comment_policy)
        .service(policy::get_category_comment_policy)
        .service(policy::put_category_comment_policy)
        .service(write::preview_comment)
        // No id is spelt so.
        .route("/comments/preview", web::route().to(method::fallback))
        .service(list::get_comment)
        .service(write::edit_comment)
        .service(write::delete_comment)
        .service(list::list_replies)
        .service(acts::put_vote)
        .service(acts::delete_vote)
        .service(acts::report_comment)
        .service(acts::put_pin)
        .service(acts::delete_pin)
        .service(acts::appeal_removal);
}
