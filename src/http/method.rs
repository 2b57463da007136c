//! `HEAD` as `GET`, and the router's own refusals: 405 with `Allow` where the path exists.

use crate::{
    error::{Error, What},
    http::{limit::decoded, problem::method_not_allowed},
};
use actix_web::{
    HttpRequest, HttpResponse,
    body::MessageBody,
    dev::{ResourceDef, ServiceRequest, ServiceResponse},
    http::Method,
    middleware::Next,
    web::Data,
};

/// Middleware: routes `HEAD` as `GET`; the transport leaves the body out.
///
/// # Errors
/// What the layers below return.
pub async fn head_as_get(
    mut req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    if req.method() == Method::HEAD {
        req.head_mut().method = Method::GET;
    }
    next.call(req).await
}

/// Which methods each path has, read off the OpenAPI document.
pub struct RouteTable(Vec<(ResourceDef, Vec<&'static str>)>);

impl RouteTable {
    /// From pairs of path pattern and methods.
    pub fn new<'a>(routes: impl Iterator<Item = (&'a str, Vec<&'static str>)>) -> Self {
        Self(routes.map(|(path, methods)| (ResourceDef::new(path), methods)).collect())
    }

    fn allow(&self, path: &str) -> Option<String> {
        let (_, methods) = self.0.iter().find(|(pattern, _)| pattern.is_match(path))?;
        let mut all = methods.clone();
        if all.contains(&"GET") {
            all.push("HEAD");
        }
        all.push("OPTIONS");
        Some(all.join(", "))
    }
}

/// Answers what no route takes.
///
/// # Errors
/// 405 where the path has other methods, else 404.
pub async fn fallback(request: HttpRequest) -> Result<HttpResponse, Error> {
    let allow =
        request.app_data::<Data<RouteTable>>().and_then(|t| t.allow(&decoded(request.path())));
    match allow {
        Some(allow) if request.method() == Method::OPTIONS => {
            Ok(HttpResponse::NoContent().insert_header(("allow", allow)).finish())
        }
        Some(allow) => Err(method_not_allowed(&allow)),
        None => Err(Error::not_found(What::Resource)),
    }
}
