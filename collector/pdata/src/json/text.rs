//! Strings of JSON, written.

/// Appends `text` in quotes, escaped as little as JSON allows.
pub fn write(to: &mut Vec<u8>, text: &str) {
    to.push(b'"');
    let mut rest = text.as_bytes();
    while let Some(at) = rest.iter().position(|byte| *byte < 0x20 || matches!(byte, b'"' | b'\\')) {
        to.extend_from_slice(&rest[..at]);
        escape(to, rest[at]);
        rest = &rest[at + 1..];
    }
    to.extend_from_slice(rest);
    to.push(b'"');
}

fn escape(to: &mut Vec<u8>, byte: u8) {
    match byte {
        b'"' | b'\\' => to.extend([b'\\', byte]),
        b'\n' => to.extend_from_slice(b"\\n"),
        b'\r' => to.extend_from_slice(b"\\r"),
        b'\t' => to.extend_from_slice(b"\\t"),
        _ => {
            to.extend_from_slice(b"\\u00");
            super::hex::encode(to, &[byte]);
        }
    }
}
