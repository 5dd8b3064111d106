//! Base64 with padding, as OTLP/JSON has bytes.

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Appends `bytes` in base64.
pub fn encode(to: &mut Vec<u8>, bytes: &[u8]) {
    for chunk in bytes.chunks(3) {
        let group =
            chunk.iter().fold(0, |group, byte| group << 8 | usize::from(*byte)) << (8 * (3 - chunk.len()));
        for digit in 0..4 {
            let six = group >> (18 - 6 * digit) & 63;
            to.push(if digit <= chunk.len() { DIGITS[six] } else { b'=' });
        }
    }
}

/// Appends the bytes that `text` stands for. `None` if it is not base64 with padding.
pub fn decode(to: &mut Vec<u8>, text: &[u8]) -> Option<()> {
    let (groups, []) = text.as_chunks::<4>() else { return None };
    for (at, group) in groups.iter().enumerate() {
        let digits = group.iter().position(|digit| *digit == b'=').unwrap_or(4);
        let padded = digits < 4;
        if padded
            && (digits < 2 || at + 1 < groups.len() || group[digits..].iter().any(|digit| *digit != b'='))
        {
            return None;
        }
        let mut bits = 0_u32;
        for digit in group {
            bits = bits << 6 | if *digit == b'=' { 0 } else { value(*digit)? };
        }
        to.extend_from_slice(&bits.to_be_bytes()[1..digits]);
    }
    Some(())
}

const fn value(digit: u8) -> Option<u32> {
    Some(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    } as u32)
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn rfc_4648_vectors() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            let (mut encoded, mut decoded) = (Vec::new(), Vec::new());
            encode(&mut encoded, bytes.as_bytes());
            assert_eq!(encoded, text.as_bytes());
            assert_eq!(decode(&mut decoded, text.as_bytes()), Some(()));
            assert_eq!(decoded, bytes.as_bytes());
        }
        for bad in ["Z", "Zg", "Zg=", "Zg==Zg==", "Z===", "Zg=a", "Zm9\u{1}", "===="] {
            assert_eq!(decode(&mut Vec::new(), bad.as_bytes()), None, "{bad}");
        }
    }
}
