//! Asking a collector, and its answers as cases have them.

use std::net::SocketAddr;

use bytes::Bytes;
use serde_json::Value;

use super::case::{Outcome, Request};
use crate::kit::{grpc, http};

/// The headers of an answer that say something.
const HEADERS: [&str; 10] = [
    "content-type",
    "retry-after",
    "allow",
    "vary",
    "x-content-type-options",
    "access-control-allow-origin",
    "access-control-allow-methods",
    "access-control-allow-headers",
    "access-control-allow-credentials",
    "access-control-max-age",
];

/// The text of the log record that separates the lines of one case from the next's.
const MARK: &str = "the end of a case";

pub(super) fn http(request: &Request, to: SocketAddr) -> Outcome {
    let (method, path) = request.what.split_once(' ').unwrap();
    let headers: Vec<_> =
        request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = http::request(to, method, path, &headers, request.body.as_deref());
    let mut outcome = vec![("status".to_owned(), answer.status.to_string())];
    let mut content_type = String::new();
    for name in HEADERS {
        for line in answer.head.lines() {
            if let Some((_, value)) = line.split_once(": ").filter(|(key, _)| key.eq_ignore_ascii_case(name))
            {
                outcome.push(("has".to_owned(), format!("{name}: {value}")));
                if name == "content-type" {
                    value.clone_into(&mut content_type);
                }
            }
        }
    }
    let proto = content_type == "application/x-protobuf";
    outcome.push(match refusal(&answer.body).filter(|_| proto && answer.status != 200) {
        Some(text) => ("refusal".to_owned(), text),
        None if proto => ("answer-hex".to_owned(), hex(&answer.body)),
        None => ("answer".to_owned(), text(&answer.body)),
    });
    outcome
}

pub(super) fn grpc(request: &Request, to: SocketAddr) -> Outcome {
    let headers: Vec<_> =
        request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let headers: Vec<_> =
        headers.into_iter().filter(|(name, _)| !name.eq_ignore_ascii_case("content-type")).collect();
    let body = request.body.as_deref().unwrap_or_default();
    let body = if request.bare { Bytes::copy_from_slice(body) } else { grpc::frame(request.flagged, body) };
    let status = grpc::call_with(to, &request.what, &headers, body);
    vec![("code".to_owned(), status.code.to_string()), ("message".to_owned(), status.message)]
}

/// Sends the record that ends a case's lines.
pub(super) fn mark(to: SocketAddr) {
    let body = format!(
        r#"{{"resourceLogs":[{{"scopeLogs":[{{"logRecords":[{{"body":{{"stringValue":"{MARK}"}}}}]}}]}}]}}"#
    );
    let answer = http::post(to, "/v1/logs", &[("Content-Type", "application/json")], body.as_bytes());
    assert_eq!(answer.status, 200, "{}", answer.text());
}

/// The lines of each case.
pub(super) fn between_marks(text: &str) -> Vec<Vec<&str>> {
    let mut each = vec![Vec::new()];
    for line in text.lines() {
        if line.contains(MARK) {
            each.push(Vec::new());
        } else {
            each.last_mut().unwrap().push(line);
        }
    }
    // Nothing comes behind the last mark.
    assert_eq!(each.pop(), Some(Vec::new()), "{text}");
    each
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// Texts lose their last newline. JSON is written in one way: Go puts blanks where it likes, on purpose.
fn text(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_end_matches('\n');
    match serde_json::from_str::<Value>(text) {
        Ok(value) => value.to_string(),
        Err(_) => text.to_owned(),
    }
}

/// A `google.rpc.Status`: the code and the message, if it has nothing else.
fn refusal(body: &[u8]) -> Option<String> {
    let rest = body.strip_prefix(&[0x08])?;
    let (code, rest) = rest.split_first()?;
    if rest.is_empty() {
        return Some(code.to_string());
    }
    let rest = rest.strip_prefix(&[0x12])?;
    let mut length = 0;
    let mut digits = 0;
    for byte in rest {
        length |= usize::from(byte & 0x7f) << (7 * digits);
        digits += 1;
        if byte & 0x80 == 0 {
            break;
        }
    }
    let message = rest.get(digits..).filter(|message| message.len() == length)?;
    Some(format!("{code} {}", String::from_utf8_lossy(message)))
}
