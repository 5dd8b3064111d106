//! Spans in JSON: the form that gogo's `jsonpb` has for `jaeger.api_v2.Span`. What is written was protobuf before, and what is
//! read is protobuf next, so that the rules of the translation stand in one place.

mod read;
mod schema;
mod write;

use slimcol_pdata::{Traces, json::Lexer};

use self::schema::SPAN;
use crate::{Error, Written, from_otlp::to_proto, proto};

/// All spans, one by one.
pub fn to_json(traces: &Traces) -> Vec<Written> {
    let mut spans = to_proto(traces);
    for span in &mut spans {
        let mut text = Vec::with_capacity(3 * span.body.len());
        write::message(&SPAN, &span.body, &mut text);
        span.body = text;
    }
    spans
}

/// Reads one span, which has its process in it. As in Go, nobody looks at what follows it.
///
/// # Errors
/// It is none.
pub fn from_json(text: &[u8]) -> Result<Traces, Error> {
    let mut span = Vec::with_capacity(text.len() / 2);
    read::message(&SPAN, &mut Lexer::new(text), &mut span)?;
    proto::from_span(&span)
}
