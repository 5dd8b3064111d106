//! What a method answers with: one message, or several over time.

use std::{
    fmt,
    future::poll_fn,
    task::{Poll, ready},
};

use bytes::{BufMut, Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Response, header::CONTENT_TYPE};

use crate::{
    exchange::{Outbound, Streaming},
    grpc::client::GrpcStatus,
    pieces::Pieces,
};

/// An answer.
#[derive(Debug)]
pub struct Reply(pub(super) Response<Outbound>);

/// Where a method that answers with a stream puts its messages.
pub struct Messages(h2::SendStream<Pieces>);

/// Who asked has gone, or wants no more messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone;

impl From<Bytes> for Reply {
    fn from(message: Bytes) -> Self {
        let mut trailers = HeaderMap::with_capacity(1);
        trailers.insert("grpc-status", HeaderValue::from_static("0"));
        Self(head(Outbound { data: framed(&message), trailers: Some(trailers), stream: None }))
    }
}

impl Reply {
    /// What `write` sends, in the order in which it does. It goes on until it returns, with the status that ends the stream;
    /// it is dropped if the connection ends first.
    pub fn stream<F>(write: impl FnOnce(Messages) -> F + Send + 'static) -> Self
    where
        F: Future<Output = (Messages, GrpcStatus)> + Send + 'static,
    {
        let streaming = Streaming(Box::new(|stream| {
            Box::pin(async move {
                let (mut messages, status) = write(Messages(stream)).await;
                let mut trailers = HeaderMap::new();
                status.write_headers(&mut trailers);
                // An error is that nobody waits for it.
                let _ = messages.0.send_trailers(trailers);
            })
        }));
        Self(head(Outbound { stream: Some(streaming), ..Outbound::default() }))
    }
}

impl Messages {
    /// Sends a message as soon as who asked has room for it.
    ///
    /// # Errors
    /// Nobody waits for it.
    pub async fn send(&mut self, message: &[u8]) -> Result<(), Gone> {
        let data = framed(message);
        self.0.reserve_capacity(data.len());
        poll_fn(|cx| {
            while self.0.capacity() < data.len() {
                if !matches!(ready!(self.0.poll_capacity(cx)), Some(Ok(_))) {
                    return Poll::Ready(Err(Gone));
                }
            }
            Poll::Ready(Ok(()))
        })
        .await?;
        self.0.send_data(data.into(), false).map_err(|_| Gone)
    }

    /// Returns once who asked has gone.
    pub async fn gone(&mut self) {
        // Either outcome means that nothing more is wanted.
        let _ = poll_fn(|cx| self.0.poll_reset(cx)).await;
    }
}

impl fmt::Debug for Messages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Messages")
    }
}

/// The head of every answer, with its body.
pub(super) fn head(body: Outbound) -> Response<Outbound> {
    let mut response = Response::new(body);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    response
}

fn framed(message: &[u8]) -> Bytes {
    let mut data = BytesMut::with_capacity(5 + message.len());
    data.put_u8(0);
    // An answer beyond 4 GiB does not exist: OTLP's are a few bytes.
    data.put_u32(u32::try_from(message.len()).unwrap_or(u32::MAX));
    data.put_slice(message);
    data.freeze()
}
