//! The headers that all calls of a client have in common.

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{CONTENT_TYPE, TE, USER_AGENT},
};
use slimcol_service::{BoxError, Context};

use crate::{base64, grpc::client::config::GrpcClientConfig, user_agent};

/// Headers that belong to gRPC itself; configured ones of these names are ignored, as in Go.
const RESERVED: [&str; 8] = [
    "content-type",
    "user-agent",
    "te",
    "grpc-message-type",
    "grpc-encoding",
    "grpc-message",
    "grpc-status",
    "grpc-timeout",
];

/// The headers for calls compressed as `encoding` says (empty: not at all).
pub(crate) fn headers(
    config: &GrpcClientConfig,
    encoding: &'static str,
    cx: &Context,
) -> Result<HeaderMap, BoxError> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    headers.insert(TE, HeaderValue::from_static("trailers"));
    let agent =
        if config.user_agent.is_empty() { user_agent::of(cx) } else { user_agent::value(&config.user_agent) };
    headers.insert(USER_AGENT, agent);
    if !encoding.is_empty() {
        headers.insert("grpc-encoding", HeaderValue::from_static(encoding));
    }
    headers.insert("grpc-accept-encoding", HeaderValue::from_static("gzip,snappy,zstd"));
    for (name, value) in &config.headers.0 {
        let lower = name.to_ascii_lowercase();
        if RESERVED.contains(&lower.as_str()) || lower.starts_with(':') {
            continue;
        }
        let name = HeaderName::try_from(&lower)
            .map_err(|_| format!("header key {lower:?} contains illegal characters not in [0-9a-z-_.]"))?;
        let text = if lower.ends_with("-bin") {
            base64::encoded(value.reveal().as_bytes())
        } else {
            value.reveal().to_owned()
        };
        let mut value = HeaderValue::try_from(text).map_err(|_| {
            format!("header key {lower:?} contains value with non-printable ASCII characters")
        })?;
        value.set_sensitive(true);
        headers.append(name, value);
    }
    Ok(headers)
}
