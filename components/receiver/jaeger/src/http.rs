//! Jaeger's collector over HTTP: batches in Thrift's binary protocol.

use bytes::Bytes;
use http::{Method, StatusCode, header::CONTENT_TYPE};
use slimcol_net::http::server::{BodyError, HttpHandler, HttpRequest, HttpResponse, plain};
use slimcol_thrift::Protocol;

use crate::intake::Intake;

const PATH: &str = "/api/traces";

/// What batches are said to be.
const MEDIA: [&str; 2] = ["application/x-thrift", "application/vnd.apache.thrift.binary"];

/// What is served.
#[derive(Debug)]
pub(crate) struct Site(pub(crate) Intake);

impl Site {
    async fn take(&self, mut request: HttpRequest) -> Result<(), HttpResponse> {
        let unread = |why: String| format!("Unable to process request body: {why}");
        let body = request.body().await.map_err(|error| {
            let status = match error {
                BodyError::Short => StatusCode::SERVICE_UNAVAILABLE,
                BodyError::Corrupt(_) => StatusCode::BAD_REQUEST,
                _ => StatusCode::INTERNAL_SERVER_ERROR,
            };
            failure(status, &unread(error.to_string()))
        })?;
        let media = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media = media.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_lowercase();
        if media.is_empty() {
            return Err(failure(StatusCode::BAD_REQUEST, "Cannot parse content type: mime: no media type"));
        }
        if !MEDIA.contains(&&*media) {
            return Err(failure(StatusCode::BAD_REQUEST, &format!("Unsupported content type: {media}")));
        }
        let traces = slimcol_jaeger::from_thrift(Protocol::Binary, &body)
            .map_err(|error| failure(StatusCode::BAD_REQUEST, &unread(error.to_string())))?;
        self.0.take(traces, request.client()).await.map_err(|refused| {
            plain(StatusCode::INTERNAL_SERVER_ERROR, &format!("Cannot submit Jaeger batch: {refused}"))
        })
    }
}

impl HttpHandler for Site {
    async fn handle(&self, request: HttpRequest) -> HttpResponse {
        if request.path() != PATH {
            return plain(StatusCode::NOT_FOUND, "404 page not found");
        }
        let mut response = HttpResponse::new(Bytes::new());
        *response.status_mut() = StatusCode::ACCEPTED;
        if request.method() != Method::POST {
            *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
            return response;
        }
        self.take(request).await.err().unwrap_or(response)
    }

    fn route<'a>(&'a self, path: &'a str) -> Option<&'a str> {
        (path == PATH).then_some(path)
    }
}

/// An answer whose text, which may quote the request, is no HTML to anybody.
fn failure(status: StatusCode, text: &str) -> HttpResponse {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '\'' => escaped.push_str("&#39;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&#34;"),
            other => escaped.push(other),
        }
    }
    plain(status, &escaped)
}
