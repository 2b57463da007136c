//! A visitor who is known by a token alone.

use crate::{clock::Timestamp, http::visitor::Issued};
use serde::Serialize;
use utoipa::ToSchema;

/// A fresh visitor token.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VisitorToken {
    /// To be shown as `X-Visitor-Token`, as the cookie `sosik_visitor`, or as `visitor` in the body
    /// of an event. Opaque.
    #[schema(
        max_length = 200,
        examples("vt_AZovblsKfDGdUj8eims8IAAAAABqEg0Qk1mYb3ZxT0qkz5cV2uXwYw")
    )]
    pub token: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl From<Issued> for VisitorToken {
    fn from(issued: Issued) -> Self {
        Self { token: issued.token, expires_at: issued.expires_at }
    }
}
