//! The texts and bytes that literals stand for.

/// What a quoted string stands for, by Go's rules. `None` where it is none, or no text.
pub(super) fn unquote(quoted: &str) -> Option<String> {
    let inner = quoted.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\n') {
        return None;
    }
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some((before, escape)) = rest.split_once('\\') {
        out.extend_from_slice(before.as_bytes());
        let letter = *escape.as_bytes().first()?;
        let (byte, len) = match letter {
            b'a' => (0x07, 1),
            b'b' => (0x08, 1),
            b'f' => (0x0c, 1),
            b'n' => (b'\n', 1),
            b'r' => (b'\r', 1),
            b't' => (b'\t', 1),
            b'v' => (0x0b, 1),
            b'\\' | b'"' => (letter, 1),
            b'x' => (u8::try_from(digits(escape.get(1..3)?, 16)?).ok()?, 3),
            b'0'..=b'7' => (u8::try_from(digits(escape.get(..3)?, 8)?).ok()?, 3),
            b'u' | b'U' => {
                let len = if letter == b'u' { 5 } else { 9 };
                let point = char::from_u32(digits(escape.get(1..len)?, 16)?)?;
                out.extend_from_slice(point.encode_utf8(&mut [0; 4]).as_bytes());
                rest = &escape[len..];
                continue;
            }
            _ => return None,
        };
        out.push(byte);
        rest = &escape[len..];
    }
    out.extend_from_slice(rest.as_bytes());
    String::from_utf8(out).ok()
}

/// The number that `text` is. Unlike `from_str_radix` it takes no sign.
fn digits(text: &str, radix: u32) -> Option<u32> {
    text.chars().all(|digit| digit.is_digit(radix)).then(|| u32::from_str_radix(text, radix).ok())?
}

/// The bytes of `0x…`.
pub(super) fn bytes(literal: &str) -> Result<Vec<u8>, String> {
    let (pairs, rest) = literal.as_bytes()[2..].as_chunks::<2>();
    if !rest.is_empty() {
        return Err("encoding/hex: odd length hex string".to_owned());
    }
    let digit = |byte: u8| {
        char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok()).unwrap_or_default()
    };
    Ok(pairs.iter().map(|[high, low]| digit(*high) << 4 | digit(*low)).collect())
}

#[cfg(test)]
mod tests {
    use super::unquote;

    #[test]
    fn as_go_unquotes() {
        for (quoted, want) in [
            (r#""""#, Some("")),
            (r#""a b""#, Some("a b")),
            (r#""\\d+\n\t\"\a\b\f\r\v""#, Some("\\d+\n\t\"\u{7}\u{8}\u{c}\r\u{b}")),
            (r#""\x41\101\u00e9\U0001F600é""#, Some("AAé😀é")),
            (r#""\xc3\xa9""#, Some("é")),
            (r#""\xff""#, None),
            (r#""\d""#, None),
            (r#""\'""#, None),
            (r#""\x4""#, None),
            (r#""\x+1""#, None),
            (r#""\400""#, None),
            (r#""\ud800""#, None),
            ("\"a\nb\"", None),
        ] {
            assert_eq!(unquote(quoted).as_deref(), want, "{quoted}");
        }
    }
}
