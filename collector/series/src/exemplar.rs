//! Exemplars as OTLP has them.

use slimcol_exposition::Exemplar;
use slimcol_pdata::put;

use crate::resolve::attribute;

/// The exemplar; without a time of its own it is of `now`, in milliseconds. Ids are those of traces and spans where they can be read as such.
pub(crate) fn encode(exemplar: &Exemplar<'_>, now: i64) -> Vec<u8> {
    let mut to = Vec::new();
    let mut labels: Vec<_> = exemplar.labels.iter().collect();
    slimcol_order::sort(&mut labels);
    for (name, value) in labels {
        let id = match name.to_lowercase().as_str() {
            "trace_id" => id::<16>(value).map(|id| (5, id.to_vec())),
            "span_id" => id::<8>(value).map(|id| (4, id.to_vec())),
            _ => None,
        };
        match id {
            Some((field, id)) => put::bytes(&mut to, field, &id),
            None => attribute(&mut to, 7, name, value),
        }
    }
    put::fixed64(&mut to, 3, exemplar.value.to_bits());
    put::fixed64(&mut to, 2, nanos(exemplar.timestamp.unwrap_or(now)));
    to
}

/// Milliseconds as nanoseconds.
pub(crate) fn nanos(millis: i64) -> u64 {
    u64::try_from(millis).unwrap_or(0).saturating_mul(1_000_000)
}

/// An id: what is too long is cut, what is too short has zeros before it.
fn id<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes().get(..text.len().min(2 * N)).unwrap_or_default();
    if digits.len() % 2 != 0 {
        return None;
    }
    let mut id = [0; N];
    let start = N - digits.len() / 2;
    for (byte, pair) in id[start..].iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |c: u8| char::from(c).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    // An id of zeros only is none.
    id.iter().any(|byte| *byte != 0).then_some(id)
}
