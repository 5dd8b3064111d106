//! Tokens as those who take them may have them: their text is UTF-8, and their places are the file's.

use bytes::Bytes;
use slimcol_textformat::encoding::{Encoding, Lengths, repair};

use crate::split::{Span, narrow};

/// Another text for the tokens of `text`, if they need one. `lengths` are its in the file, `cut` says that a character may
/// have been cut.
pub(crate) fn fit(
    text: &[u8],
    encoding: Encoding,
    lengths: &Lengths,
    cut: bool,
    spans: &mut [Span],
) -> Option<Bytes> {
    if encoding.is_decoded() {
        let (mut from, mut at) = (0, 0);
        for span in &mut *spans {
            let to = span.at as usize;
            at += encoding.len_in_file(text, from..to, lengths);
            from = to;
            span.at = narrow(at);
        }
    }
    if matches!(encoding, Encoding::Nop | Encoding::Utf8Raw) {
        return None;
    }
    if !cut && simdutf8::basic::from_utf8(text).is_ok() {
        return None;
    }
    let body = |span: &Span| &text[span.start as usize..span.end as usize];
    if spans.iter().all(|span| simdutf8::basic::from_utf8(body(span)).is_ok()) {
        return None;
    }
    let mut fitted = Vec::with_capacity(text.len() + text.len() / 8);
    for span in spans {
        let start = fitted.len();
        repair(body(span), &mut fitted);
        (span.start, span.end) = (narrow(start), narrow(fitted.len()));
    }
    Some(fitted.into())
}
