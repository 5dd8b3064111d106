//! What a gRPC call ends with when it does not end well.

use std::{fmt, time::Duration};

use http::{HeaderMap, StatusCode};
use slimcol_service::Code;

use crate::grpc::client::details;

/// A failed call. Its text is what Go's gRPC prints: `rpc error: code = Unavailable desc = …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrpcStatus {
    /// The code that the server gave, or that stands for what went wrong on the way.
    pub code: Code,
    /// The server's message, or what went wrong on the way.
    pub message: String,
    /// After what time the server wants to see the request again: its `RetryInfo`, which may ask for no delay at all.
    pub retry_info: Option<Duration>,
}

impl GrpcStatus {
    /// A status with nothing but a code and a message.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retry_info: None }
    }

    /// The status in a response's trailers (or in the headers of a response that has nothing else); `None` if they hold
    /// none.
    pub(crate) fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let number: u32 = headers.get("grpc-status")?.to_str().ok()?.parse().ok()?;
        let message = headers.get("grpc-message").map(|m| percent_decoded(m.as_bytes())).unwrap_or_default();
        let retry_info =
            headers.get("grpc-status-details-bin").and_then(|d| details::retry_info_header(d.as_bytes()));
        Some(Self { code: Code::from_number(number), message, retry_info })
    }

    /// What a response means that is not gRPC at all, such as a proxy's error page.
    pub(crate) fn from_http(status: StatusCode, content_type: &str) -> Self {
        let wrong_type = format!("transport: received unexpected content-type \"{content_type}\"");
        if status == StatusCode::OK {
            return Self::new(
                Code::Unknown,
                format!("unexpected HTTP status code received from server: 200 (OK); {wrong_type}"),
            );
        }
        let code = match status.as_u16() {
            400 => Code::Internal,
            401 => Code::Unauthenticated,
            403 => Code::PermissionDenied,
            404 => Code::Unimplemented,
            429 | 502 | 503 | 504 => Code::Unavailable,
            _ => Code::Unknown,
        };
        let reason = status.canonical_reason().unwrap_or_default();
        let mut message =
            format!("unexpected HTTP status code received from server: {} ({reason})", status.as_u16());
        if !content_type.starts_with("application/grpc") {
            message.push_str("; ");
            message.push_str(&if content_type.is_empty() {
                "malformed header: missing HTTP content-type".to_owned()
            } else {
                wrong_type
            });
        }
        Self::new(code, message)
    }

    /// What a call that took too long ends with.
    pub fn deadline_exceeded() -> Self {
        Self::new(Code::DeadlineExceeded, "context deadline exceeded")
    }
}

impl fmt::Display for GrpcStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rpc error: code = {} desc = {}", self.code, self.message)
    }
}

impl std::error::Error for GrpcStatus {}

fn percent_decoded(text: &[u8]) -> String {
    let hex = |c: Option<&u8>| c.and_then(|c| char::from(*c).to_digit(16));
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        if let (b'%', Some(high), Some(low)) = (byte, hex(text.get(at + 1)), hex(text.get(at + 2))) {
            // Two hexadecimal digits always fit a byte.
            out.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
            at += 3;
        } else {
            out.push(byte);
            at += 1;
        }
    }
    String::from_utf8(out).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_headers() {
        let mut headers = HeaderMap::new();
        assert_eq!(GrpcStatus::from_headers(&headers), None);
        headers.insert("grpc-status", "14".parse().unwrap());
        headers.insert("grpc-message", "caf%C3%A9 100%25 %zz %".parse().unwrap());
        let status = GrpcStatus::from_headers(&headers).unwrap();
        assert_eq!(status.to_string(), "rpc error: code = Unavailable desc = café 100% %zz %");
        headers.insert("grpc-status", "99".parse().unwrap());
        assert_eq!(GrpcStatus::from_headers(&headers).unwrap().code, Code::Unknown);
    }

    #[test]
    fn reads_what_is_not_grpc() {
        for (status, content_type, code, message) in [
            (
                404,
                "text/plain",
                Code::Unimplemented,
                "unexpected HTTP status code received from server: 404 (Not Found); transport: received unexpected content-type \"text/plain\"",
            ),
            (
                503,
                "",
                Code::Unavailable,
                "unexpected HTTP status code received from server: 503 (Service Unavailable); malformed header: missing HTTP content-type",
            ),
            (
                401,
                "application/grpc",
                Code::Unauthenticated,
                "unexpected HTTP status code received from server: 401 (Unauthorized)",
            ),
            (
                200,
                "text/html",
                Code::Unknown,
                "unexpected HTTP status code received from server: 200 (OK); transport: received unexpected content-type \"text/html\"",
            ),
        ] {
            let got = GrpcStatus::from_http(StatusCode::from_u16(status).unwrap(), content_type);
            assert_eq!((got.code, got.message.as_str()), (code, message));
        }
    }
}
