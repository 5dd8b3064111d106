//! A tree as YAML text that reads back as the same tree.

use std::fmt::Write as _;

use slimcol_config::{Node, parse};

/// The text of `node`, a mapping, in block style.
pub(super) fn write(node: &Node) -> String {
    let mut text = String::new();
    if is_leaf(node) {
        text = leaf(node);
        text.push('\n');
    } else {
        block(&mut text, node, 0, false);
    }
    text
}

/// Writes a mapping or a list with something in it. The first line is indented already if `begun`.
fn block(text: &mut String, node: &Node, depth: usize, mut begun: bool) {
    let margin = "  ".repeat(depth);
    let mut line = |text: &mut String| {
        if !std::mem::take(&mut begun) {
            text.push_str(&margin);
        }
    };
    for entry in node.entries() {
        line(text);
        text.push_str(&scalar(entry.key()));
        text.push(':');
        let value = entry.value();
        if is_leaf(value) {
            // Writing to a String cannot fail.
            let _ = writeln!(text, " {}", leaf(value));
        } else {
            text.push('\n');
            block(text, value, depth + 1, false);
        }
    }
    for item in node.items().unwrap_or_default() {
        line(text);
        text.push_str("- ");
        if is_leaf(item) {
            text.push_str(&leaf(item));
            text.push('\n');
        } else {
            block(text, item, depth + 1, true);
        }
    }
}

fn is_leaf(node: &Node) -> bool {
    node.entries().is_empty() && node.items().is_none_or(<[Node]>::is_empty)
}

fn leaf(node: &Node) -> String {
    if node.is_map() {
        return "{}".to_owned();
    }
    if node.items().is_some() {
        return "[]".to_owned();
    }
    if let Some(text) = node.as_str() {
        return scalar(text);
    }
    match node.as_f64().filter(|_| node.go_type() == "float64") {
        Some(x) if x.is_nan() => ".nan".to_owned(),
        Some(x) if x.is_infinite() => if x > 0.0 { ".inf" } else { "-.inf" }.to_owned(),
        // A whole number keeps its point, or it would be an integer.
        Some(x) => format!("{x:?}"),
        None => node.scalar_text().unwrap_or_else(|| "null".to_owned()),
    }
}

/// A string: plain where it reads back as itself, else in double quotes.
pub(super) fn scalar(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_./-${}:%@+* ".contains(c);
    let begins = text.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '$' | '/' | '_'));
    let reads = |text: &str| parse("", text).is_ok_and(|node| node.as_str() == Some(text));
    if begins && text.chars().all(plain) && !text.contains(": ") && !text.ends_with([':', ' ']) && reads(text)
    {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back_as_the_same() {
        for text in [
            "a: 1\nb: {c: [], d: {}, e: ~}\n",
            "a:\n- - 1\n  - [2.0, 1e300, .inf, -.inf, 18446744073709551615, -1]\n- {x: {y: [z]}}\n- {}\n",
            "a: [yes, 'yes', 'true', true, '1', '', ' ', '~', 'null', '1.5', '0x1f', '.inf', '- a', 'a: b', 'a #b', '#b']\n",
            "a: [\"a\\nb\", \"\\t\", \"\\u0000\", \"\\\"\\\\\", é, '${env:A}:4317', '$$1', '{{ .x }}', '*', '&a', '!b', '%c', '@d', '`', 'a:']\n",
            "'a b': 1\n'': 2\n'1': 3\n'<<': 4\n'a: b': 5\n'?': 6\n",
            "- a\n",
            "null",
            "a: |\n  x\n    y\n\n",
        ] {
            let node = parse("f", text).unwrap();
            let written = write(&node);
            let again = parse("f", &written).unwrap_or_else(|e| panic!("{e}\n{written}"));
            assert_eq!(shape(&again), shape(&node), "{written}");
        }
    }

    #[test]
    fn it_is_what_people_would_write() {
        let node = parse(
            "f",
            "{receivers: {otlp: {protocols: {grpc: {endpoint: '${env:IP}:4317'}}}}, service: {pipelines: {traces: \
             {receivers: [otlp], exporters: []}}}, x: [{a: 1, b: [2]}, 'no: it']}",
        );
        let expected = "receivers:\n  otlp:\n    protocols:\n      grpc:\n        endpoint: ${env:IP}:4317\nservice:\n  \
                        pipelines:\n    traces:\n      receivers:\n        - otlp\n      exporters: []\nx:\n  - a: 1\n    \
                        b:\n      - 2\n  - \"no: it\"\n";
        assert_eq!(write(&node.unwrap()), expected);
    }

    /// The tree in one line.
    fn shape(node: &Node) -> String {
        if let Some(items) = node.items() {
            return format!("[{}]", items.iter().map(shape).collect::<Vec<_>>().join(", "));
        }
        if node.is_map() {
            let pair = |e: &slimcol_config::Entry| format!("{:?}: {}", e.key(), shape(e.value()));
            return format!("{{{}}}", node.entries().iter().map(pair).collect::<Vec<_>>().join(", "));
        }
        format!("{} {:?} {:?}", node.go_type(), node.as_str(), node.scalar_text())
    }
}
