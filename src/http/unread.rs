//! Bodies that nobody reads to their end: the connection closes instead of listening on.

use actix_web::{
    HttpMessage,
    body::MessageBody,
    dev::{Payload, ServiceRequest, ServiceResponse},
    error::PayloadError,
    http::header::TRANSFER_ENCODING,
    middleware::Next,
    web::Bytes,
};
use futures_util::Stream;
use std::{
    cell::RefCell,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

/// A payload that outlives its reader.
struct Kept(Rc<RefCell<Payload>>);

impl Stream for Kept {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut *self.0.borrow_mut()).poll_next(cx)
    }
}

/// Middleware, outermost: keeps hold of a chunked body until its answer is under way.
///
/// The transport reads a chunked body that was dropped for as long as the client cares to send; one
/// that is held and unread when the answer goes out makes it close the connection.
///
/// # Errors
/// What the layers below return.
pub async fn close_unread(
    mut req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let held = req.headers().contains_key(TRANSFER_ENCODING).then(|| {
        let payload = Rc::new(RefCell::new(req.take_payload()));
        let stream: Pin<Box<dyn Stream<Item = _>>> = Box::pin(Kept(Rc::clone(&payload)));
        req.set_payload(Payload::from(stream));
        payload
    });
    let mut response = next.call(req).await?;
    if let Some(held) = held {
        response.response_mut().extensions_mut().insert(Kept(held));
    }
    Ok(response)
}
