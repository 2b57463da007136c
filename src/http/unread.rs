//! Bodies that nobody reads to their end: the connection closes instead of listening on.

use actix_web::{
    HttpMessage,
    body::{BodySize, EitherBody, MessageBody},
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

/// An answer's body that holds the request's until it is sent.
struct Holding<B> {
    body: Pin<Box<B>>,
    _held: Kept,
}

impl<B: MessageBody> MessageBody for Holding<B> {
    type Error = B::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        self.get_mut().body.as_mut().poll_next(cx)
    }
}

/// Middleware, outermost: keeps hold of a chunked body until its answer is sent.
///
/// The transport reads a chunked body that was dropped for as long as the client cares to send; one
/// that is held and unread when the answer has gone out makes it close the connection.
///
/// # Errors
/// What the layers below return.
pub async fn close_unread(
    mut req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody, impl MessageBody>>, actix_web::Error> {
    if !req.headers().contains_key(TRANSFER_ENCODING) {
        return Ok(next.call(req).await?.map_into_left_body());
    }
    let held = Rc::new(RefCell::new(req.take_payload()));
    let stream: Pin<Box<dyn Stream<Item = _>>> = Box::pin(Kept(Rc::clone(&held)));
    req.set_payload(Payload::from(stream));
    let response = next.call(req).await?;
    let hold = |body| Holding { body: Box::pin(body), _held: Kept(held) };
    Ok(response.map_body(|_, body| EitherBody::right(hold(body))))
}
