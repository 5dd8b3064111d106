//! What servers and clients tell of requests, where anybody wants to know: below level `detailed` there are no [`Requests`].

mod answered;
mod asked;

use http::Version;
use slimcol_service::Code;

pub(crate) use self::{
    answered::{Tally, measured},
    asked::{LATE, asked, called, is_unsent},
};

const METHODS: [&str; 9] = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "CONNECT", "TRACE"];

/// gRPC's codes by number.
const CODES: [&str; 17] = [
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];

/// The name of a code.
fn code(number: usize) -> &'static str {
    CODES.get(number).unwrap_or(&CODES[Code::Unknown as usize])
}

/// The method if it is a known one: there must be few.
fn method(name: &str) -> &'static str {
    METHODS.iter().find(|known| known.eq_ignore_ascii_case(name)).unwrap_or(&"_OTHER")
}

/// A version of HTTP.
fn version(version: Version) -> &'static str {
    match version {
        Version::HTTP_10 => "1.0",
        Version::HTTP_2 => "2.0",
        _ => "1.1",
    }
}

/// The scheme's name and its usual port.
fn scheme(https: bool) -> (&'static str, &'static str) {
    if https { ("https", "443") } else { ("http", "80") }
}

/// A host without the brackets of an IPv6 address, and the port if it is not the `usual` one; both empty if there is no making
/// sense of it.
fn place<'a>(authority: &'a str, usual: &str) -> (&'a str, &'a str) {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (authority, ""),
    };
    let port = if port == usual || port.parse::<u16>().unwrap_or_default() == 0 { "" } else { port };
    match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(host) => (host, port),
        None if host.contains(':') => ("", ""),
        None => (host, port),
    }
}

#[cfg(test)]
mod tests;
