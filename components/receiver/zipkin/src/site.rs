//! What is answered to senders.

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header::CONTENT_TYPE};
use slimcol_net::http::server::{BodyError, HttpHandler, HttpRequest, HttpResponse, plain};
use slimcol_pdata::Signal;
use slimcol_service::{Context, Next, Outputs, Payload, Refused, meter::Received};

use crate::{config::Config, encoding::Encoding};

/// The paths that senders use. Others do as well, and show up together in the own metrics.
const PATHS: [&str; 2] = ["/api/v1/spans", "/api/v2/spans"];

/// What is served: spans may come to any path, with any method.
#[derive(Debug)]
pub(crate) struct Site {
    to: Option<Next>,
    received: [Received; 4],
    parse_string_tags: bool,
}

impl Site {
    pub(crate) fn new(config: &Config, to: &Outputs, cx: &Context) -> Self {
        Self {
            to: to.get(Signal::Traces).cloned(),
            received: Encoding::ALL.map(|encoding| Received::new(cx, encoding.transport())),
            parse_string_tags: config.parse_string_tags,
        }
    }

    async fn take(&self, mut request: HttpRequest) -> Result<(), Failure> {
        let encoding = Encoding::of(request.path(), request.headers());
        let body = request.body().await.map_err(Failure::Unread)?;
        let traces = encoding
            .read(&body, self.parse_string_tags)
            .map_err(|error| Failure::Unreadable(error.to_string()))?;
        let Some(to) = self.to.as_ref().filter(|_| !traces.is_empty()) else { return Ok(()) };
        let items = traces.items();
        let outcome = to.consume(Payload { data: traces.into(), client: request.client() }).await;
        self.received[encoding as usize].count(Signal::Traces, items, outcome.is_ok());
        outcome.map_err(Failure::Refused)
    }
}

impl HttpHandler for Site {
    async fn handle(&self, request: HttpRequest) -> HttpResponse {
        match self.take(request).await {
            Ok(()) => answer(StatusCode::ACCEPTED, ""),
            Err(failure) => failure.response(),
        }
    }

    fn route<'a>(&'a self, path: &'a str) -> Option<&'a str> {
        PATHS.contains(&path).then_some(path)
    }
}

/// Why spans were not taken.
enum Failure {
    Unread(BodyError),
    Unreadable(String),
    Refused(Refused),
}

impl Failure {
    /// The Go receiver's answer.
    fn response(self) -> HttpResponse {
        match self {
            Self::Unread(error @ BodyError::Short) => {
                plain(StatusCode::SERVICE_UNAVAILABLE, &error.to_string())
            }
            Self::Unread(error) => plain(StatusCode::BAD_REQUEST, &error.to_string()),
            Self::Unreadable(why) => plain(StatusCode::BAD_REQUEST, &why),
            Self::Refused(refused) if refused.is_permanent() => {
                answer(StatusCode::BAD_REQUEST, r#""Bad Request""#)
            }
            Self::Refused(_) => answer(StatusCode::INTERNAL_SERVER_ERROR, r#""Internal Server Error""#),
        }
    }
}

fn answer(status: StatusCode, body: &'static str) -> HttpResponse {
    let mut response = HttpResponse::new(Bytes::from_static(body.as_bytes()));
    *response.status_mut() = status;
    if !body.is_empty() {
        let text = HeaderValue::from_static("text/plain; charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, text);
    }
    response
}
