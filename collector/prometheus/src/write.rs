//! Parts of a page's lines.

/// Appends a label to those between braces: `name="value"`, behind a comma unless it is the `first`.
pub fn write_label(to: &mut String, first: bool, name: &str, value: &str) {
    to.push_str(if first { "{" } else { "," });
    to.push_str(name);
    to.push_str("=\"");
    escape(to, value, true);
    to.push('"');
}

/// Appends a description, as `quotes` are escaped in it too or not.
pub fn write_help(to: &mut String, help: &str, quotes: bool) {
    escape(to, help, quotes);
}

/// Bytes in hexadecimal digits, as ids are written.
pub fn hex(bytes: &[u8]) -> String {
    let digits = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15].map(|digit| digits[usize::from(digit)]));
    digits.map(char::from).collect()
}

fn escape(to: &mut String, text: &str, quotes: bool) {
    let mut rest = text;
    while let Some(at) = rest.find(|c| matches!(c, '\\' | '\n') || c == '"' && quotes) {
        to.push_str(&rest[..at]);
        to.push_str(match rest.as_bytes()[at] {
            b'\\' => "\\\\",
            b'\n' => "\\n",
            _ => "\\\"",
        });
        rest = &rest[at + 1..];
    }
    to.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_line_or_a_value_is_escaped() {
        let mut line = String::new();
        write_label(&mut line, true, "a", "\\b\n\"é\"");
        write_label(&mut line, false, "c", "");
        assert_eq!(line, r#"{a="\\b\n\"é\"",c="""#);
        let mut help = String::new();
        write_help(&mut help, "a \"b\"\\\n", false);
        assert_eq!(help, r#"a "b"\\\n"#);
    }
}
