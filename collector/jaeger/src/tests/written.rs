//! Spans written. `written.tsv` has what Go's translator and gogo's protobuf make of OTLP/JSON: the protobuf of each span, in hex.

use slimcol_pdata::json::hex;

use super::*;

fn lines() -> impl Iterator<Item = (Traces, Vec<&'static str>)> {
    include_str!("written.tsv").lines().map(|line| {
        let mut columns = line.split('\t');
        (Traces::from_json(columns.next().unwrap().as_bytes()).unwrap(), columns.collect())
    })
}

#[test]
fn spans_are_written_as_in_go() {
    for (traces, spans) in lines() {
        let written = to_proto(&traces).into_iter().map(|span| {
            let mut text = Vec::new();
            hex::encode(&mut text, &span.body);
            String::from_utf8(text).unwrap()
        });
        assert_eq!(written.collect::<Vec<_>>(), spans);
    }
}

#[test]
fn one_span_reads_as_a_batch_of_it_does() {
    for (traces, _) in lines() {
        for span in to_proto(&traces) {
            let mut request = Vec::new();
            put::message(&mut request, 1, |to| put::bytes(to, 1, &span.body));
            assert_eq!(shown(&from_span(&span.body).unwrap()), shown(&from_proto(&request).unwrap()));
        }
    }
    assert_eq!(from_span(b"").unwrap().items(), 0);
    assert_eq!(from_span(b"\x0a\x01\x00").unwrap_err().to_string(), "invalid length for TraceID");
}
