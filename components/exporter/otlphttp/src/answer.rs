//! What a server's answer means for the data.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderValue, StatusCode, Uri, header::CONTENT_TYPE};
use slimcol_net::{
    PartialSuccess,
    grpc::client::GrpcStatus,
    http::client::{HttpError, shown},
};
use slimcol_pdata::{
    Signal,
    get::{Malformed, Value, fields},
};
use slimcol_service::{BoxError, Code, Log, Refused, Retry};

/// How much of a response's body is read, bytes.
pub(crate) const MAX_READ: usize = 64 << 10;

/// A success without a body that can be read: the data has probably been taken, so it is not sent again.
pub(crate) fn unreadable(error: &HttpError) -> Refused {
    Refused::permanent(format!("Permanent error: {error}"))
}

/// A success: says so if the server took only part of the request. That part is not sent again.
pub(crate) fn taken(log: &Log, signal: Signal, headers: &HeaderMap, body: &[u8]) -> Result<(), Refused> {
    if body.is_empty() {
        return Ok(());
    }
    let malformed = |what: &str, error: &dyn std::fmt::Display| {
        Refused::permanent(format!("Permanent error: error parsing {what} response: {error}"))
    };
    let partial = match headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes) {
        Some(b"application/x-protobuf") => {
            PartialSuccess::from_proto(body).map_err(|error| malformed("protobuf", &error))?
        }
        Some(b"application/json") => {
            PartialSuccess::from_json(body).map_err(|error| malformed("json", &error))?
        }
        _ => None,
    };
    if let Some(partial) = partial {
        let dropped = match signal {
            Signal::Traces => "dropped_spans",
            Signal::Metrics => "dropped_data_points",
            Signal::Logs => "dropped_log_records",
        };
        log.warn(
            "Partial success response",
            &[("message", (&partial.message).into()), (dropped, partial.rejected.into())],
        );
    }
    Ok(())
}

/// An answer that is no success.
#[derive(Debug)]
pub(crate) struct Rejection<'a> {
    pub(crate) url: &'a Uri,
    pub(crate) status: StatusCode,
    /// As far as it was read; `None` if it could not be.
    pub(crate) body: Option<&'a [u8]>,
    pub(crate) retry_after: Option<&'a HeaderValue>,
}

impl Rejection<'_> {
    /// The refusal, in the Go exporter's words.
    pub(crate) fn refused(&self) -> Refused {
        let status = self.status.as_u16();
        let mut said = format!(
            "error exporting items, request to {} responded with HTTP Status Code {status}",
            shown(self.url)
        );
        let details = self.body.filter(|_| status >= 400).and_then(|body| Details::parse(body).ok());
        if let Some(Details { message, types }) = details {
            said = format!("{said}, Message={message}, Details=[{}]", types.join(" "));
        }
        let code = code(status);
        let error = GrpcStatus::new(code, said);
        let retry = self.retry();
        let source: BoxError = match retry {
            Retry::Never => format!("Permanent error: {error}").into(),
            Retry::Later => error.into(),
            Retry::After(delay) => {
                let delay = i64::try_from(delay.as_nanos()).unwrap_or(i64::MAX);
                format!("Throttle ({}), error: {error}", slimcol_config::Duration::nanos(delay)).into()
            }
        };
        Refused::permanent(source).with_code(code).with_retry(retry)
    }

    fn retry(&self) -> Retry {
        match self.status.as_u16() {
            429 | 503 => self.retry_after.and_then(delay).map_or(Retry::Later, Retry::After),
            502 | 504 => Retry::Later,
            _ => Retry::Never,
        }
    }
}

/// A `Retry-After` header: seconds, or a date.
fn delay(header: &HeaderValue) -> Option<Duration> {
    let text = header.to_str().ok()?;
    if let Ok(seconds) = text.parse::<i64>() {
        return Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

/// The gRPC code that a receiver in front passes on to its own client.
const fn code(status: u16) -> Code {
    match status {
        400 => Code::InvalidArgument,
        401 => Code::Unauthenticated,
        403 => Code::PermissionDenied,
        404 => Code::Unimplemented,
        429 => Code::ResourceExhausted,
        502..=504 => Code::Unavailable,
        _ => Code::Unknown,
    }
}

/// What is shown of a `google.rpc.Status`.
struct Details {
    message: String,
    /// The types of the details.
    types: Vec<String>,
}

impl Details {
    fn parse(body: &[u8]) -> Result<Self, Malformed> {
        let mut found = Self { message: String::new(), types: Vec::new() };
        for field in fields(body) {
            match field? {
                (2, Value::Bytes(text)) => found.message = utf8(text)?,
                (3, Value::Bytes(any)) => {
                    let mut name = String::new();
                    for field in fields(any) {
                        if let (1, Value::Bytes(text)) = field? {
                            name = utf8(text)?;
                        }
                    }
                    found.types.push(format!("[{name}]"));
                }
                _ => {}
            }
        }
        Ok(found)
    }
}

fn utf8(bytes: &[u8]) -> Result<String, Malformed> {
    String::from_utf8(bytes.to_vec()).map_err(|_| Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, body: &[u8], retry_after: Option<&str>) -> Refused {
        let retry_after = retry_after.map(|text| HeaderValue::from_str(text).unwrap());
        Rejection {
            url: &"http://u:secret@a/v1/logs".parse().unwrap(),
            status: StatusCode::from_u16(status).unwrap(),
            body: Some(body),
            retry_after: retry_after.as_ref(),
        }
        .refused()
    }

    #[test]
    fn statuses_by_the_table() {
        for (status, code, retry) in [
            (302, Code::Unknown, Retry::Never),
            (400, Code::InvalidArgument, Retry::Never),
            (401, Code::Unauthenticated, Retry::Never),
            (403, Code::PermissionDenied, Retry::Never),
            (404, Code::Unimplemented, Retry::Never),
            (413, Code::Unknown, Retry::Never),
            (429, Code::ResourceExhausted, Retry::Later),
            (500, Code::Unknown, Retry::Never),
            (501, Code::Unknown, Retry::Never),
            (502, Code::Unavailable, Retry::Later),
            (503, Code::Unavailable, Retry::Later),
            (504, Code::Unavailable, Retry::Later),
        ] {
            let refused = refused(status, b"<html>", None);
            assert_eq!((refused.code, refused.retry), (Some(code), retry), "{status}");
            let prefix = if retry == Retry::Never { "Permanent error: " } else { "" };
            assert_eq!(
                refused.to_string(),
                format!(
                    "{prefix}rpc error: code = {code} desc = error exporting items, request to \
                     http://u:***@a/v1/logs responded with HTTP Status Code {status}"
                )
            );
        }
    }

    #[test]
    fn bodies_are_read_as_a_status() {
        let ends_with = |body: &[u8], end: &str| {
            let text = refused(503, body, None).to_string();
            assert!(text.ends_with(&format!("HTTP Status Code 503{end}")), "{text}");
        };
        ends_with(b"", ", Message=, Details=[]");
        ends_with(b"\x08\x0e\x12\x04full", ", Message=full, Details=[]");
        ends_with(b"\x12\x02no\x1a\x06\x0a\x04/T.X", ", Message=no, Details=[[/T.X]]");
        ends_with(b"\x12\x09no", "");
        ends_with(b"\x12\x02\xff\xff", "");
        ends_with(b"404 page not found", "");
    }

    #[test]
    fn servers_may_say_when() {
        let retry = |status, after| refused(status, b"", Some(after)).retry;
        let seconds = |n| Retry::After(Duration::from_secs(n));
        assert_eq!(retry(503, "7"), seconds(7));
        assert_eq!(retry(429, "0"), seconds(0));
        assert_eq!(retry(429, "-3"), seconds(0));
        assert_eq!(retry(429, "soon"), Retry::Later);
        assert_eq!(retry(502, "7"), Retry::Later);
        assert_eq!(retry(500, "7"), Retry::Never);
        assert_eq!(retry(503, "Thu, 01 Jan 1970 00:00:00 GMT"), seconds(0));
        let date = httpdate::fmt_http_date(SystemTime::now() + Duration::from_hours(1));
        let Retry::After(delay) = retry(503, &date) else { panic!("no delay") };
        assert!((3500..=3600).contains(&delay.as_secs()), "{delay:?}");
        let text = refused(503, b"", Some("7")).to_string();
        assert!(text.starts_with("Throttle (7s), error: rpc error: code = Unavailable desc = "), "{text}");
    }

    #[test]
    fn successes_are_read_for_what_was_dropped() {
        let taken = |content_type: &str, body: &[u8]| {
            let (log, lines) = Log::capture();
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, content_type.parse().unwrap())]);
            let outcome = taken(&log, Signal::Metrics, &headers, body).map_err(|refused| refused.to_string());
            let lines = lines.lock().unwrap().clone();
            (outcome, lines)
        };
        assert_eq!(taken("application/x-protobuf", b""), (Ok(()), vec![]));
        assert_eq!(taken("application/x-protobuf", &[10, 0]), (Ok(()), vec![]));
        assert_eq!(taken("text/html", b"<html>"), (Ok(()), vec![]));
        for (content_type, body) in [
            ("application/x-protobuf", &[10, 7, 8, 3, 18, 3, b'o', b'l', b'd'][..]),
            ("application/json", br#"{"partialSuccess":{"rejectedDataPoints":"3","errorMessage":"old"}}"#),
        ] {
            let (outcome, lines) = taken(content_type, body);
            assert_eq!((outcome, lines.len()), (Ok(()), 1));
            let line = &lines[0];
            assert!(line.contains("Partial success response"), "{line}");
            assert!(line.contains("dropped_data_points") && line.contains("old"), "{line}");
        }
        let error = taken("application/x-protobuf", b"\xff").0.unwrap_err();
        assert_eq!(error, "Permanent error: error parsing protobuf response: unexpected EOF");
        let error = taken("application/json", b"{\"a\"").0.unwrap_err();
        assert!(error.starts_with("Permanent error: error parsing json response: "), "{error}");
    }
}
