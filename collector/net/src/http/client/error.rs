//! Why an HTTP request got no response.

use std::fmt;

use http::{Method, Uri};

use crate::http::client::location;

/// A request without a response; the text is that of Go's `url.Error` (`Post "http://…": dial tcp …`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpError {
    method: String,
    url: String,
    reason: String,
    timeout: bool,
}

impl HttpError {
    pub(crate) fn new(method: &Method, uri: &Uri, reason: impl Into<String>) -> Self {
        let name = method.as_str();
        let method =
            name.chars().take(1).chain(name.chars().skip(1).map(|c| c.to_ascii_lowercase())).collect();
        Self { method, url: location::shown(uri), reason: reason.into(), timeout: false }
    }

    pub(crate) fn timeout(method: &Method, uri: &Uri, during: &str) -> Self {
        let reason = format!("context deadline exceeded ({during})");
        Self { timeout: true, ..Self::new(method, uri, reason) }
    }

    /// Whether it took longer than allowed.
    pub fn is_timeout(&self) -> bool {
        self.timeout
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} \"{}\": {}", self.method, self.url, self.reason)
    }
}

impl std::error::Error for HttpError {}
