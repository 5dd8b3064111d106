//! The one thing in a status's details that clients act on: `google.rpc.RetryInfo`.

use std::time::Duration;

use slimcol_pdata::get::{Value, fields};

use crate::base64;

/// The type of the message looked for, as the end of an `Any`'s type URL.
const RETRY_INFO: &[u8] = b"/google.rpc.RetryInfo";

/// The delay in a `grpc-status-details-bin` header, which is a `google.rpc.Status` in base64.
pub(crate) fn retry_info_header(header: &[u8]) -> Option<Duration> {
    retry_info(&base64::decoded(header)?)
}

/// The delay in an encoded `google.rpc.Status`: of the first `RetryInfo` among its details.
pub(crate) fn retry_info(status: &[u8]) -> Option<Duration> {
    fields(status).find_map(|field| match field {
        Ok((3, Value::Bytes(any))) => retry_delay(any),
        _ => None,
    })
}

/// The delay in an encoded `Any`, if that is a `RetryInfo`.
fn retry_delay(any: &[u8]) -> Option<Duration> {
    let part = |number| {
        fields(any).find_map(|field| match field {
            Ok((n, Value::Bytes(value))) if n == number => Some(value),
            _ => None,
        })
    };
    if !part(1)?.ends_with(RETRY_INFO) {
        return None;
    }
    // A RetryInfo without a delay is still one: it says that trying again makes sense.
    let info = part(2).unwrap_or_default();
    let delay = fields(info).find_map(|field| match field {
        Ok((1, Value::Bytes(delay))) => Some(delay),
        _ => None,
    });
    Some(delay.map_or(Duration::ZERO, duration))
}

/// A `google.protobuf.Duration`; what is negative is none.
fn duration(message: &[u8]) -> Duration {
    let mut of = [0u64; 2];
    for field in fields(message) {
        if let Ok((number @ (1 | 2), Value::Varint(value))) = field {
            of[usize::from(number == 2)] = value;
        }
    }
    let [seconds, nanos] = of.map(|value| u64::try_from(value.cast_signed()).unwrap_or(0));
    Duration::from_secs(seconds).saturating_add(Duration::from_nanos(nanos))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A `google.rpc.Status` with one detail of this type and value.
    fn status(type_url: &str, value: &[u8]) -> Vec<u8> {
        let mut any = vec![10, u8::try_from(type_url.len()).unwrap()];
        any.extend(type_url.bytes());
        any.extend([18, u8::try_from(value.len()).unwrap()]);
        any.extend(value);
        let mut status = vec![8, 14, 18, 2, b'n', b'o', 26, u8::try_from(any.len()).unwrap()];
        status.extend(any);
        status
    }

    #[test]
    fn finds_the_delay() {
        const TYPE: &str = "type.googleapis.com/google.rpc.RetryInfo";
        for (value, delay) in [
            (&[10, 2, 8, 7][..], Duration::from_secs(7)),
            (&[10, 5, 8, 1, 16, 0xe8, 0x07], Duration::new(1, 1000)),
            (&[10, 0], Duration::ZERO),
            (&[], Duration::ZERO),
            (&[10, 11, 8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1], Duration::ZERO),
        ] {
            assert_eq!(retry_info(&status(TYPE, value)), Some(delay), "{value:?}");
        }
        assert_eq!(retry_info(&status("type.googleapis.com/google.rpc.ErrorInfo", &[10, 0])), None);
        assert_eq!(retry_info(b"\xff\xff"), None);
        assert_eq!(retry_info_header(b"not base64!"), None);
        // {code: 14, details: [RetryInfo {retry_delay: {seconds: 7}}]}, with and without padding.
        for header in [
            "CA4aMAoodHlwZS5nb29nbGVhcGlzLmNvbS9nb29nbGUucnBjLlJldHJ5SW5mbxIECgIIBw",
            "CA4aMAoodHlwZS5nb29nbGVhcGlzLmNvbS9nb29nbGUucnBjLlJldHJ5SW5mbxIECgIIBw==",
        ] {
            assert_eq!(retry_info_header(header.as_bytes()), Some(Duration::from_secs(7)));
        }
    }
}
