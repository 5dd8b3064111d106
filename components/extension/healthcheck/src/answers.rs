//! What is answered.

use std::time::{Instant, SystemTime};

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header::CONTENT_TYPE};
use slimcol_config::Duration;
use slimcol_net::http::server::{HttpHandler, HttpRequest, HttpResponse, plain};
use slimcol_service::Utc;
use tokio::sync::watch;

use crate::config::Bodies;

/// Whether the collector is ready.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Health {
    Unavailable,
    Ready { since: SystemTime, clock: Instant },
}

/// Answers at one path.
#[derive(Debug)]
pub(crate) struct Answers {
    pub(crate) path: String,
    pub(crate) bodies: Option<Bodies>,
    pub(crate) health: watch::Receiver<Health>,
}

impl Health {
    /// Ready from now on.
    pub(crate) fn ready() -> Self {
        Self::Ready { since: SystemTime::now(), clock: Instant::now() }
    }

    /// The name in the log.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Unavailable => "unavailable",
            Self::Ready { .. } => "ready",
        }
    }

    const fn status(self) -> StatusCode {
        match self {
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Ready { .. } => StatusCode::OK,
        }
    }

    fn json(self) -> String {
        match self {
            // Go's zero time.
            Self::Unavailable => {
                r#"{"status":"Server not available","upSince":"0001-01-01T00:00:00Z","uptime":""}"#.to_owned()
            }
            Self::Ready { since, clock } => {
                let since = Utc::from(since);
                let up = Duration::nanos(i64::try_from(clock.elapsed().as_nanos()).unwrap_or(i64::MAX));
                format!(r#"{{"status":"Server available","upSince":"{since}","uptime":"{up}"}}"#)
            }
        }
    }
}

impl HttpHandler for Answers {
    async fn handle(&self, request: HttpRequest) -> HttpResponse {
        if self.route(request.path()).is_none() {
            return plain(StatusCode::NOT_FOUND, "404 page not found");
        }
        let health = *self.health.borrow();
        let (media, body) = match (&self.bodies, health) {
            (None, health) => ("application/json", health.json()),
            (Some(bodies), Health::Ready { .. }) => ("text/plain; charset=utf-8", bodies.healthy.clone()),
            (Some(bodies), Health::Unavailable) => ("text/plain; charset=utf-8", bodies.unhealthy.clone()),
        };
        let mut response = HttpResponse::new(Bytes::from(body));
        *response.status_mut() = health.status();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media));
        response
    }

    fn route<'a>(&'a self, path: &'a str) -> Option<&'a str> {
        // The rule of Go's `ServeMux`.
        let below = self.path.ends_with('/') && path.starts_with(&self.path);
        (path == self.path || below).then_some(&self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_ready_is_unavailable() {
        assert_eq!(Health::Unavailable.status(), 503);
        let json = r#"{"status":"Server not available","upSince":"0001-01-01T00:00:00Z","uptime":""}"#;
        assert_eq!(Health::Unavailable.json(), json);
    }
}
