use super::{CONTENT_TYPE, InputError, Problem, row};
use crate::{
    error::{Code, Error, Faults, Lang, Message, Place, What},
    http::{locale, trace::RequestId},
};
use actix_web::{
    HttpMessage, HttpRequest, HttpResponse, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{
            CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE as CONTENT_TYPE_HEADER, RETRY_AFTER, VARY,
        },
    },
    middleware::Next,
};

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        row(self.code).status
    }

    /// Bare: [`render`] knows the request and writes the body.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// Middleware: gives every failed answer its problem body, whoever made it. Layers below answer
/// with `ServiceRequest::error_response` instead of failing: the request must not be held here
/// while it is routed.
///
/// # Errors
/// None of ours: handlers and the layers below answer.
pub async fn render(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let response = next.call(req).await?;
    if !is_bare_failure(&response) {
        return Ok(response.map_into_boxed_body());
    }
    let request = response.request();
    let answer = match response.response().error().and_then(|e| e.as_error::<Error>()) {
        Some(error) => problem(request, error),
        None => problem(request, &foreign(response.status(), response.response().error())),
    };
    let answer = carry_over(answer, response.headers());
    Ok(response.into_response(answer))
}

fn is_bare_failure<B>(response: &ServiceResponse<B>) -> bool {
    let status = response.status();
    (status.is_client_error() || status.is_server_error())
        && response.headers().get(CONTENT_TYPE_HEADER).is_none_or(|value| value != CONTENT_TYPE)
}

/// Keeps headers that layers below put on the failed answer, such as rate limits; not those that
/// speak of its body.
fn carry_over(
    mut answer: HttpResponse,
    headers: &actix_web::http::header::HeaderMap,
) -> HttpResponse {
    for (name, value) in headers {
        let of_body = [CONTENT_TYPE_HEADER, CONTENT_ENCODING].contains(name);
        if !of_body && !answer.headers().contains_key(name) {
            answer.headers_mut().append(name.clone(), value.clone());
        }
    }
    answer
}

/// The problem for a failure that actix made.
fn foreign(status: StatusCode, cause: Option<&actix_web::Error>) -> Error {
    let code = match status {
        StatusCode::NOT_FOUND => return Error::not_found(What::Resource),
        StatusCode::METHOD_NOT_ALLOWED => Code::MethodNotAllowed,
        StatusCode::NOT_ACCEPTABLE => Code::NotAcceptable,
        StatusCode::REQUEST_TIMEOUT => Code::RequestTimeout,
        StatusCode::PAYLOAD_TOO_LARGE => Code::PayloadTooLarge,
        StatusCode::URI_TOO_LONG => Code::UriTooLong,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Code::UnsupportedMediaType,
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => Code::HeadersTooLarge,
        StatusCode::SERVICE_UNAVAILABLE => Code::Unavailable,
        status if status.is_client_error() => Code::MalformedRequest,
        _ => {
            let cause = cause.map_or_else(|| status.to_string(), ToString::to_string);
            return Error::internal(cause);
        }
    };
    Error::plain(code)
}

/// The header of an error that ends the connection.
const CLOSE: &str = "Connection";

/// The answer for `error`, in the language the request asks for.
pub fn problem(request: &HttpRequest, error: &Error) -> HttpResponse {
    let row = row(error.code);
    let lang = locale::language(request.headers());
    let request_id =
        request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    if row.status.is_server_error() {
        // The one place a failure is logged: with its cause, which the client does not get.
        tracing::error!(
            problem = row.name,
            request_id,
            path = request.path(),
            "request failed: {error}"
        );
    }
    let body = Problem {
        kind: format!("/problems/{}", row.name),
        title: row.title.get(lang).to_owned(),
        status: row.status.as_u16(),
        detail: error.detail.as_ref().unwrap_or(&row.meaning).get(lang).to_owned(),
        instance: request.uri().path().to_owned(),
        code: row.name.to_owned(),
        request_id,
        errors: (error.code == Code::Invalid).then(|| input_errors(&error.faults, lang)),
        tombstone: extension(error, "tombstone"),
        until: extension(error, "until"),
        checks: extension(error, "checks"),
    };
    let mut answer = HttpResponse::build(row.status);
    answer.content_type(CONTENT_TYPE).insert_header((VARY, "Accept-Language"));
    answer.insert_header((CACHE_CONTROL, "no-store"));
    if let Some(seconds) = error.retry_after_s {
        answer.insert_header((RETRY_AFTER, seconds.to_string()));
    }
    for (name, value) in &error.headers {
        if *name == CLOSE {
            // The rest of what is being sent is not read.
            answer.force_close();
        } else {
            answer.insert_header((*name, value.as_str()));
        }
    }
    if row.status == StatusCode::UNAUTHORIZED {
        answer.insert_header(("WWW-Authenticate", "Bearer realm=\"sosik\""));
    }
    answer.json(body)
}

fn extension(error: &Error, wanted: &str) -> Option<serde_json::Value> {
    error.extension.as_ref().filter(|(name, _)| *name == wanted).map(|(_, value)| value.clone())
}

fn input_errors(faults: &Faults, lang: Lang) -> Vec<InputError> {
    let mut errors: Vec<_> = faults
        .0
        .iter()
        .take(1000)
        .map(|fault| {
            let (mut pointer, mut parameter, mut header) = (None, None, None);
            match &fault.place {
                Place::Pointer(text) => pointer = Some(text.clone()),
                Place::Parameter(text) => parameter = Some(text.clone()),
                Place::Header(text) => header = Some((*text).to_owned()),
            }
            let detail = fault.detail.get(lang).to_owned();
            InputError { pointer, parameter, header, code: fault.code.to_owned(), detail }
        })
        .collect();
    errors.dedup_by(|a, b| a.pointer == b.pointer && a.pointer.is_some() && a.code == b.code);
    errors
}

/// The problem of a path that exists with other methods.
#[must_use]
pub fn method_not_allowed(allow: &str) -> Error {
    Error::new(
        Code::MethodNotAllowed,
        Message::new(
            format!("This path has {allow}."),
            format!("이 경로에서는 {allow}만 쓸 수 있습니다."),
        ),
    )
    .with_header("Allow", allow)
}
