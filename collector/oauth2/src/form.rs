//! Forms as requests carry them (`application/x-www-form-urlencoded`), with what Go's `url.Values` leaves as it is.

use std::fmt::Write;

/// Names and values, sorted by name as Go sends them.
pub(crate) fn encode<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut fields: Vec<_> = fields.into_iter().collect();
    slimcol_order::sort_by_key(&mut fields, |(name, _)| *name);
    let pairs = fields.into_iter().map(|(name, value)| format!("{}={}", escape(name), escape(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// One name or value (Go's `url.QueryEscape`).
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(byte.into()),
            b' ' => out.push('+'),
            // Writing to a string does not fail.
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// The value of `name` in a form.
pub(crate) fn find(form: &str, name: &str) -> Option<String> {
    form.split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .find_map(|(key, value)| (unescape(key) == name).then(|| unescape(value)))
}

fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let digits = tail.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match (first, digits.and_then(|digits| u8::from_str_radix(digits, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            (b'+', _) => {
                bytes.push(b' ');
                rest = tail;
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_found_again() {
        let form = encode([("b c", "x y&z"), ("a", "é=%41+~")]);
        assert_eq!(form, "a=%C3%A9%3D%2541%2B~&b+c=x+y%26z");
        assert_eq!(find(&form, "a").as_deref(), Some("é=%41+~"));
        assert_eq!(find(&form, "b c").as_deref(), Some("x y&z"));
        assert_eq!(find("a=%4&b=%zz&c", "b").as_deref(), Some("%zz"));
        assert_eq!((find("a=%4&c", "a").as_deref(), find("a&c", "c").as_deref()), (Some("%4"), Some("")));
        assert_eq!(find(&form, "c"), None);
    }
}
