//! What clients count.

use http::{Method, StatusCode, Uri, Version, uri::Authority};
use slimcol_service::{Code, meter::requests::Requests};
use tokio::time::Instant;

use super::{code, method, place, scheme, version};

/// The error of what took too long.
pub(crate) const LATE: &str = "context deadline exceeded";

/// What errors begin with, and what types they have in Go.
const ERRORS: [(&str, &str); 7] = [
    ("dial ", "net.OpError"),
    ("remote error: ", "net.OpError"),
    ("connection reset", "net.OpError"),
    ("broken pipe", "net.OpError"),
    ("tls: failed to verify", "crypto/tls.CertificateVerificationError"),
    ("tls: first record", "crypto/tls.RecordHeaderError"),
    (LATE, "context.deadlineExceededError"),
];

/// Counts a request with a body of `size` bytes before it was compressed.
pub(crate) fn asked(
    calls: &Requests,
    (verb, uri): (&Method, &Uri),
    begun: Instant,
    size: usize,
    outcome: Result<(StatusCode, Version), &str>,
) {
    let authority = uri.authority().map_or("", Authority::as_str);
    // There may be a user in it.
    let authority = authority.rsplit('@').next().unwrap_or_default();
    let (scheme, usual) = scheme(uri.scheme_str() == Some("https"));
    let (host, port) = place(authority, usual);
    let (status, spoken, error) = match &outcome {
        Ok((status, spoken)) => (status.as_str(), version(*spoken), ""),
        Err(error) => ("", "1.1", error_type(error)),
    };
    let values = [method(verb.as_str()), host, port, scheme, "http", spoken, status, "", error];
    calls.count(&values, begun.elapsed(), [size, 0]);
}

/// Whether an error says that nothing of the request was sent.
pub(crate) fn is_unsent(error: &str) -> bool {
    error.starts_with("dial ") || error.starts_with("tls: ")
}

/// Counts a call of gRPC; `remote` is who was called, empty if nobody could be.
#[cold]
#[inline(never)]
pub(crate) fn called(calls: &Requests, path: &str, outcome: Code, remote: &str, begun: Instant) {
    let (host, port) = place(remote, "");
    let name = path.strip_prefix('/').unwrap_or(path);
    calls.count(&["grpc", name, code(outcome as usize), host, port], begun.elapsed(), [0, 0]);
}

/// The type that Go gives an error.
fn error_type(error: &str) -> &'static str {
    ERRORS.iter().find(|(text, _)| error.starts_with(text)).map_or("errors.errorString", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_gos_types() {
        for (error, name) in [
            ("dial tcp 127.0.0.1:1: connect: connection refused", "net.OpError"),
            ("dial tcp: lookup nosuch.invalid on 10.0.0.1:53: no such host", "net.OpError"),
            ("remote error: tls: bad certificate", "net.OpError"),
            ("tls: failed to verify certificate: x509: …", "crypto/tls.CertificateVerificationError"),
            ("tls: first record does not look like a TLS handshake", "crypto/tls.RecordHeaderError"),
            ("context deadline exceeded", "context.deadlineExceededError"),
            ("EOF", "errors.errorString"),
        ] {
            assert_eq!(error_type(error), name, "{error}");
        }
    }
}
