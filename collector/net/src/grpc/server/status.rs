//! What servers write of a status: headers, `google.rpc.Status` and its JSON.

use std::{fmt::Write, time::Duration};

use http::{HeaderMap, HeaderValue};
use slimcol_service::{Refused, Retry};

use crate::{base64, grpc::client::GrpcStatus};

/// The longest message that goes into a header: enough for any sentence, and within what clients accept.
const MAX_MESSAGE: usize = 8 << 10;

const RETRY_INFO: &str = "type.googleapis.com/google.rpc.RetryInfo";

impl From<&Refused> for GrpcStatus {
    /// What a sender is told of a refusal: its own code or the one that stands for its kind, and when to come back. A bare
    /// status is passed on as it is; one with something around it becomes the message (gRPC's `status.FromError`).
    fn from(refused: &Refused) -> Self {
        let retry_info = match refused.retry {
            Retry::After(delay) => Some(delay),
            Retry::Never | Retry::Later => None,
        };
        let message = match refused.source.downcast_ref::<Self>() {
            Some(bare) => bare.message.clone(),
            None => refused.to_string(),
        };
        Self { retry_info, ..Self::new(refused.status(), message) }
    }
}

impl GrpcStatus {
    /// The status as a `google.rpc.Status` message; `retry_info` is one of its details.
    pub fn to_proto(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put_varint(&mut out, 1, u64::from(self.code as u8));
        put_bytes(&mut out, 2, self.message.as_bytes());
        if let Some(delay) = self.retry_info {
            let mut duration = Vec::new();
            put_varint(&mut duration, 1, delay.as_secs());
            put_varint(&mut duration, 2, u64::from(delay.subsec_nanos()));
            let mut info = Vec::new();
            put_message(&mut info, 1, &duration);
            let mut any = Vec::new();
            put_bytes(&mut any, 1, RETRY_INFO.as_bytes());
            put_message(&mut any, 2, &info);
            put_message(&mut out, 3, &any);
        }
        out
    }

    /// The status as protobuf's JSON.
    pub fn to_json(&self) -> String {
        let mut out = format!("{{\"code\":{}", self.code as u8);
        if !self.message.is_empty() {
            out.push_str(",\"message\":");
            push_json_string(&mut out, &self.message);
        }
        if let Some(delay) = self.retry_info {
            let seconds = json_duration(delay);
            // Writing to a `String` cannot fail.
            let _ =
                write!(out, ",\"details\":[{{\"@type\":\"{RETRY_INFO}\",\"retryDelay\":\"{seconds}s\"}}]");
        }
        out.push('}');
        out
    }

    /// Adds the status to the trailers of a response, or to the headers of one that has nothing else.
    pub(super) fn write_headers(&self, to: &mut HeaderMap) {
        to.insert("grpc-status", HeaderValue::from(u16::from(self.code as u8)));
        // Percent-encoded text is always a valid value.
        if let Ok(message) = HeaderValue::try_from(percent_encoded(&self.message)) {
            to.insert("grpc-message", message);
        }
        if self.retry_info.is_some() {
            let details = base64::encoded(&self.to_proto());
            // gRPC leaves the padding away.
            if let Ok(details) = HeaderValue::try_from(details.trim_end_matches('=')) {
                to.insert("grpc-status-details-bin", details);
            }
        }
    }
}

fn percent_encoded(message: &str) -> String {
    let end = message.floor_char_boundary(MAX_MESSAGE);
    let mut out = String::with_capacity(end);
    for byte in message[..end].bytes() {
        match byte {
            b'%' | ..b' ' | 0x7f.. => {
                let _ = write!(out, "%{byte:02X}");
            }
            _ => out.push(byte.into()),
        }
    }
    out
}

/// Seconds with as many digits behind the point as needed: none, three, six or nine, as protobuf's JSON has them.
fn json_duration(time: Duration) -> String {
    let (seconds, nanos) = (time.as_secs(), time.subsec_nanos());
    match nanos {
        0 => seconds.to_string(),
        _ if nanos % 1_000_000 == 0 => format!("{seconds}.{:03}", nanos / 1_000_000),
        _ if nanos % 1000 == 0 => format!("{seconds}.{:06}", nanos / 1000),
        _ => format!("{seconds}.{nanos:09}"),
    }
}

fn push_json_string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}

/// A field, unless it has its default value.
fn put_varint(out: &mut Vec<u8>, field: u8, value: u64) {
    if value != 0 {
        out.push(field << 3);
        push_varint(out, value);
    }
}

fn put_bytes(out: &mut Vec<u8>, field: u8, value: &[u8]) {
    if !value.is_empty() {
        put_message(out, field, value);
    }
}

fn put_message(out: &mut Vec<u8>, field: u8, value: &[u8]) {
    out.push(field << 3 | 2);
    push_varint(out, value.len() as u64);
    out.extend(value);
}

fn push_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
}

#[cfg(test)]
mod tests {
    use slimcol_service::Code;

    use super::*;

    fn sample(delay: Option<Duration>) -> GrpcStatus {
        GrpcStatus { retry_info: delay, ..GrpcStatus::new(Code::Unavailable, "50% \"café\"\n") }
    }

    #[test]
    fn headers_come_back() {
        for status in [sample(None), sample(Some(Duration::from_millis(1500))), sample(Some(Duration::ZERO))]
        {
            let mut headers = HeaderMap::new();
            status.write_headers(&mut headers);
            assert_eq!(headers["grpc-message"], "50%25 \"caf%C3%A9\"%0A");
            assert_eq!(GrpcStatus::from_headers(&headers), Some(status));
        }
    }

    #[test]
    fn json() {
        assert_eq!(sample(None).to_json(), r#"{"code":14,"message":"50% \"café\"\n"}"#);
        let with = sample(Some(Duration::from_millis(1500))).to_json();
        let details =
            r#","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1.500s"}]}"#;
        assert!(with.ends_with(details), "{with}");
        assert_eq!(GrpcStatus::new(Code::Internal, "\u{1}").to_json(), r#"{"code":13,"message":"\u0001"}"#);
    }

    #[test]
    fn long_messages_are_cut_between_characters() {
        let status = GrpcStatus::new(Code::Internal, "é".repeat(MAX_MESSAGE));
        assert_eq!(percent_encoded(&status.message).len(), MAX_MESSAGE / 2 * 6);
    }

    #[test]
    fn refusals() {
        let after = Refused::retryable("busy").with_retry(Retry::After(Duration::from_secs(7)));
        let cases = [
            (Refused::permanent("no"), Code::Internal, None),
            (Refused::retryable("later"), Code::Unavailable, None),
            (Refused::permanent("no").with_code(Code::InvalidArgument), Code::InvalidArgument, None),
            (after, Code::Unavailable, Some(Duration::from_secs(7))),
        ];
        for (refused, code, retry_info) in cases {
            let status = GrpcStatus::from(&refused);
            assert_eq!((status.code, status.retry_info), (code, retry_info));
            assert_eq!(status.message, refused.to_string());
        }
        let bare = || Refused::retryable(sample(None)).with_code(Code::Unavailable);
        assert_eq!(GrpcStatus::from(&bare()), sample(None));
        let joined = Refused::join(vec![bare(), Refused::retryable("b")]).unwrap();
        let text = format!("{}; b", sample(None));
        assert_eq!(GrpcStatus::from(&joined), GrpcStatus::new(Code::Unavailable, text));
    }
}
