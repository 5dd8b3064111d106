//! `http_headers`: what every request has besides.

use http::{HeaderName, HeaderValue};
use slimcol_config::{Secret, Section, Settings};

/// Headers that Prometheus sets itself, or that are set by other keys.
const RESERVED: [&str; 18] = [
    "Authorization",
    "Host",
    "Content-Encoding",
    "Content-Length",
    "Content-Type",
    "User-Agent",
    "Connection",
    "Keep-Alive",
    "Proxy-Authenticate",
    "Proxy-Authorization",
    "Www-Authenticate",
    "Accept-Encoding",
    "X-Prometheus-Remote-Write-Version",
    "X-Prometheus-Remote-Read-Version",
    "X-Prometheus-Scrape-Timeout-Seconds",
    "X-Amz-Date",
    "X-Amz-Security-Token",
    "X-Amz-Content-Sha256",
];

struct Header {
    values: Vec<Secret>,
}

impl Settings for Header {
    fn read(from: &mut Section<'_>) -> Self {
        let mut values: Vec<Secret> = from.get("values", Vec::new());
        values.extend(from.get("secrets", Vec::<Secret>::new()));
        Self { values }
    }
}

/// Reads the key; a header may have several values.
pub(super) fn read(from: &mut Section<'_>) -> Vec<(String, Secret)> {
    let all = from.map::<Header>("http_headers");
    for (name, header) in &all {
        if RESERVED.iter().any(|reserved| name.eq_ignore_ascii_case(reserved)) {
            from.error("http_headers", format!("setting header {name:?} is not allowed"));
        } else if HeaderName::try_from(name).is_err() {
            from.error("http_headers", format!("{name:?} is no name of a header"));
        } else if header.values.iter().any(|value| HeaderValue::try_from(value.reveal()).is_err()) {
            from.error(
                "http_headers",
                format!("a value of header {name:?} has characters that headers cannot have"),
            );
        }
    }
    all.into_iter()
        .flat_map(|(name, header)| header.values.into_iter().map(move |value| (name.clone(), value)))
        .collect()
}
