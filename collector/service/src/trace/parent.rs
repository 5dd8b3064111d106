//! The span of whoever sent a request, as its headers tell: W3C's `traceparent`, and B3 in one header or in several.

use super::Place;

/// `tracecontext`.
pub(super) const TRACE_CONTEXT: u8 = 1;
/// `b3`.
pub(super) const B3: u8 = 2;

/// What the headers of these propagators tell, if anything that makes sense.
pub(super) fn find(propagators: u8, header: &dyn Fn(&str) -> Option<String>) -> Option<Place> {
    let w3c = || header("traceparent").and_then(|value| trace_context(&value));
    let found = if propagators & TRACE_CONTEXT != 0 { w3c() } else { None };
    if found.is_some() || propagators & B3 == 0 {
        return found;
    }
    if let Some(value) = header("b3") {
        return b3(&mut value.split('-'));
    }
    let debug = header("x-b3-flags").as_deref() == Some("1");
    let sampled = header("x-b3-sampled").filter(|_| !debug).unwrap_or_default();
    let (trace, id) = (header("x-b3-traceid")?, header("x-b3-spanid")?);
    b3(&mut [&*trace, &*id, &*sampled].into_iter())
}

fn trace_context(value: &str) -> Option<Place> {
    let mut parts = value.trim().split('-');
    let version = parts.next().filter(|version| version.len() == 2 && *version != "ff")?;
    hex(version)?;
    let trace = parts.next().filter(|trace| trace.len() == 32).and_then(hex)?;
    let id = parts.next().filter(|id| id.len() == 16).and_then(hex)?;
    let flags = parts.next().filter(|flags| flags.len() == 2).and_then(hex)?;
    if version == "00" && parts.next().is_some() {
        return None;
    }
    place(trace, id, flags & 1 == 1)
}

fn b3(parts: &mut dyn Iterator<Item = &str>) -> Option<Place> {
    let trace = parts.next().filter(|trace| matches!(trace.len(), 16 | 32)).and_then(hex)?;
    let id = parts.next().filter(|id| id.len() == 16).and_then(hex)?;
    // Who leaves it open leaves it to us.
    let sampled = !matches!(parts.next(), Some("0" | "false"));
    place(trace, id, sampled)
}

fn place(trace: u128, id: u128, sampled: bool) -> Option<Place> {
    let id = u64::try_from(id).ok()?;
    (trace != 0 && id != 0).then_some(Place { trace, id, sampled })
}

/// A number in lower-case hexadecimal digits and nothing else.
fn hex(text: &str) -> Option<u128> {
    let digits = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if digits { u128::from_str_radix(text, 16).ok() } else { None }
}
