//! Version 2 of Zipkin's spans: a JSON list, or protobuf's `ListOfSpans`.

mod from_otlp;
mod read_json;
mod read_proto;
mod span;
mod tags;
mod to_otlp;
mod write_json;
mod write_proto;

use slimcol_pdata::Traces;

pub(crate) use self::to_otlp::hex;
use crate::Error;

/// Reads a JSON list of spans. With `parse`, tags that are written as numbers or booleans become such.
///
/// # Errors
/// It is no such list, or a span in it has no id; nothing of it is taken then.
pub fn from_json(body: &[u8], parse: bool) -> Result<Traces, Error> {
    to_otlp::traces(read_json::spans(body)?, parse)
}

/// Reads a `ListOfSpans`.
///
/// # Errors
/// As [`from_json`].
pub fn from_proto(body: &[u8], parse: bool) -> Result<Traces, Error> {
    to_otlp::traces(read_proto::spans(body)?, parse)
}

/// The spans as a JSON list.
///
/// # Errors
/// A span has no id, or ends before it begins, which Zipkin has no form for.
pub fn to_json(traces: &Traces) -> Result<Vec<u8>, Error> {
    to_json_of(traces, None)
}

/// As [`to_json`], with `service` for spans of resources without a name.
///
/// # Errors
/// As [`to_json`].
pub fn to_json_of(traces: &Traces, service: Option<&str>) -> Result<Vec<u8>, Error> {
    let mut to = Vec::with_capacity(2 * traces.byte_len());
    to.push(b'[');
    from_otlp::each(traces, service, |span| write_json::span(span, &mut to))?;
    to.push(b']');
    Ok(to)
}

/// The spans as a `ListOfSpans`.
///
/// # Errors
/// As [`to_json`].
pub fn to_proto_of(traces: &Traces, service: Option<&str>) -> Result<Vec<u8>, Error> {
    let mut to = Vec::with_capacity(2 * traces.byte_len());
    from_otlp::each(traces, service, |span| write_proto::span(span, &mut to))?;
    Ok(to)
}

#[cfg(test)]
mod tests;
