//! A response whose body is still to be read.

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, Uri};
use tokio::time::{Instant, timeout_at};

use slimcol_compression::{Compression, DecompressError};
use slimcol_service::BoxFuture;

use crate::http::client::{
    body::Body,
    connection::Connection,
    error::HttpError,
    pool::{Key, Pool},
};
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;

/// The head of a response. Reading its body to the end lets the connection serve further requests; dropping it unread
/// closes the connection.
#[derive(Debug)]
pub struct HttpResponse {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    pub(crate) body: Body,
    pub(crate) lease: Lease,
    pub(crate) request: (Method, Uri),
    pub(crate) deadline: Option<Instant>,
    /// Whether the client itself asked for gzip, and so has to undo it.
    pub(crate) inflate: bool,
}

/// A connection that is to go back to the pool.
#[derive(Debug)]
pub(crate) struct Lease {
    pub(crate) pool: Arc<Pool>,
    pub(crate) key: Key,
    pub(crate) connection: Connection,
    pub(crate) _place: Option<OwnedSemaphorePermit>,
}

impl Lease {
    /// Gives the connection back once it is done with the response, whose body of so many bytes has been read.
    pub(crate) async fn give_back(self, length: usize) {
        if let Some(connection) = self.connection.settled(length).await {
            self.pool.put(&self.key, connection);
        }
    }
}

impl HttpResponse {
    /// The URL that answered, which is not the first if there were redirects.
    pub fn url(&self) -> &Uri {
        &self.request.1
    }

    /// The whole body.
    ///
    /// # Errors
    /// It is larger than `limit` bytes, it breaks off, or time is up.
    pub async fn body(self, limit: usize) -> Result<Bytes, HttpError> {
        let (method, uri) = self.request.clone();
        let (body, complete) = self.reading(limit).await?;
        if complete { Ok(body) } else { Err(HttpError::new(&method, &uri, "http: response body too large")) }
    }

    /// The first `limit` bytes of the body, or less if it is shorter.
    ///
    /// # Errors
    /// It breaks off, or time is up.
    pub async fn start_of_body(self, limit: usize) -> Result<Bytes, HttpError> {
        Ok(self.reading(limit).await?.0)
    }

    /// [`Self::read`], compiled once.
    fn reading(self, limit: usize) -> BoxFuture<'static, Result<(Bytes, bool), HttpError>> {
        Box::pin(self.read(limit))
    }

    async fn read(mut self, limit: usize) -> Result<(Bytes, bool), HttpError> {
        let (method, uri) = &self.request;
        let reading = self.lease.connection.during(self.body.read(limit));
        let outcome = match self.deadline {
            Some(deadline) => timeout_at(deadline, reading).await.map_err(|_| {
                HttpError::timeout(method, uri, "Client.Timeout or context cancellation while reading body")
            })?,
            None => reading.await,
        };
        let (body, complete) = outcome.map_err(|reason| HttpError::new(method, uri, reason))?;
        if complete {
            self.lease.give_back(body.len()).await;
        }
        let packed = self.inflate && self.headers.get("content-encoding").is_some_and(|e| e == "gzip");
        if !packed || body.is_empty() {
            return Ok((body, complete));
        }
        match Compression::Gzip.decompress(&body, limit) {
            Ok(body) => Ok((body.into(), complete)),
            Err(DecompressError::TooLarge) => {
                Err(HttpError::new(method, uri, "http: response body too large"))
            }
            Err(error) => Err(HttpError::new(method, uri, format!("gzip: {error}"))),
        }
    }
}
