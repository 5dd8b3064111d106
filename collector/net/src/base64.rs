//! Base64 as gRPC headers and proxies use it.

/// Bytes from base64 in either alphabet, padded or not.
pub(crate) fn decoded(text: &[u8]) -> Option<Vec<u8>> {
    let text = text.trim_ascii_end();
    let text = text.strip_suffix(b"==").or_else(|| text.strip_suffix(b"=")).unwrap_or(text);
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for group in text.chunks(4) {
        let mut bits = 0u32;
        for &c in group {
            let digit = match c {
                b'A'..=b'Z' => c - b'A',
                b'a'..=b'z' => c - b'a' + 26,
                b'0'..=b'9' => c - b'0' + 52,
                b'+' | b'-' => 62,
                b'/' | b'_' => 63,
                _ => return None,
            };
            bits = bits << 6 | u32::from(digit);
        }
        match group.len() {
            4 => out.extend(&bits.to_be_bytes()[1..]),
            3 => out.extend(&(bits << 6).to_be_bytes()[1..3]),
            2 => out.extend(&(bits << 12).to_be_bytes()[1..2]),
            _ => return None,
        }
    }
    Some(out)
}

/// Base64 in the usual alphabet, padded.
pub(crate) fn encoded(bytes: &[u8]) -> String {
    let mut out = Vec::new();
    slimcol_pdata::json::base64::encode(&mut out, bytes);
    out.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_there_and_back() {
        for (plain, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")]
        {
            assert_eq!(encoded(plain.as_bytes()), text);
            assert_eq!(decoded(text.as_bytes()).unwrap(), plain.as_bytes());
            assert_eq!(decoded(text.trim_end_matches('=').as_bytes()).unwrap(), plain.as_bytes());
        }
        assert_eq!(decoded(b"_-8=").unwrap(), decoded(b"/+8=").unwrap());
        assert_eq!(decoded(b"Zm9vY"), None);
        assert_eq!(decoded(b"Zm 9"), None);
    }
}
