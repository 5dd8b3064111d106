//! Spans in protobuf.

use std::net::IpAddr;

use slimcol_pdata::put;

use super::{
    span::{Endpoint, Kind, Span},
    write_json::micros,
};
use crate::Error;

/// Appends a span to a `ListOfSpans`.
#[expect(clippy::unnecessary_wraps, reason = "writers are interchangeable")]
pub(crate) fn span(span: &Span<'_>, to: &mut Vec<u8>) -> Result<(), Error> {
    put::message(to, 1, |to| {
        put::bytes(to, 1, &span.trace_id);
        if let Some(id) = &span.parent_id {
            put::bytes(to, 2, id);
        }
        put::bytes(to, 3, &span.id);
        put::varint_field(to, 4, kind(span.kind));
        put::bytes(to, 5, span.name.as_bytes());
        if let Some(start) = span.start {
            put::fixed64(to, 6, micros(start));
        }
        if span.duration > 0 {
            put::varint_field(to, 7, micros(span.duration).max(1));
        }
        endpoint(to, 8, &span.local);
        endpoint(to, 9, &span.remote);
        for annotation in &span.annotations {
            put::message(to, 10, |to| {
                put::fixed64(to, 1, micros(annotation.time));
                put::bytes(to, 2, annotation.value.as_bytes());
            });
        }
        for (name, value) in span.tags.iter() {
            put::message(to, 11, |to| {
                put::bytes(to, 1, name.as_bytes());
                put::bytes(to, 2, value.as_bytes());
            });
        }
    });
    Ok(())
}

const fn kind(kind: Kind) -> u64 {
    match kind {
        Kind::Unspecified => 0,
        Kind::Client => 1,
        Kind::Server => 2,
        Kind::Producer => 3,
        Kind::Consumer => 4,
    }
}

fn endpoint(to: &mut Vec<u8>, number: u32, endpoint: &Endpoint<'_>) {
    if endpoint.is_empty() {
        return;
    }
    put::message(to, number, |to| {
        put::bytes(to, 1, endpoint.service.as_bytes());
        for (number, ip) in [(2, endpoint.ipv4), (3, endpoint.ipv6)] {
            match ip {
                Some(IpAddr::V4(ip)) => put::bytes(to, number, &ip.octets()),
                Some(IpAddr::V6(ip)) => put::bytes(to, number, &ip.octets()),
                None => {}
            }
        }
        if endpoint.port > 0 {
            put::varint_field(to, 4, endpoint.port.into());
        }
    });
}
