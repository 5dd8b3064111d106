//! Hex, as OTLP/JSON has trace and span ids.

/// Appends `bytes` in lower-case hex.
pub fn encode(to: &mut Vec<u8>, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let start = to.len();
    to.resize(start + bytes.len() * 2, 0);
    for (pair, byte) in to[start..].as_chunks_mut::<2>().0.iter_mut().zip(bytes) {
        *pair = [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
    }
}

/// Appends the bytes that `text`, of even length, stands for in either case; or the first character that is no digit.
pub(super) fn decode(to: &mut Vec<u8>, text: &[u8]) -> Result<(), u8> {
    for pair in text.as_chunks::<2>().0 {
        to.push(digit(pair[0])? << 4 | digit(pair[1])?);
    }
    Ok(())
}

const fn digit(text: u8) -> Result<u8, u8> {
    match text {
        b'0'..=b'9' => Ok(text - b'0'),
        b'a'..=b'f' => Ok(text - b'a' + 10),
        b'A'..=b'F' => Ok(text - b'A' + 10),
        _ => Err(text),
    }
}
