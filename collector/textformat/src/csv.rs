//! Rows of comma-separated values as Go's `encoding/csv` reads them, and what the collector makes of several in one entry.

use std::borrow::Cow;

/// The fields of a text. It is one row: what is on another line goes on with the last field before it. Of what is between
/// quotes `lazy` takes more.
pub fn read(text: &str, delimiter: char, lazy: bool) -> Result<Vec<Cow<'_, str>>, String> {
    if matches!(delimiter, '\0' | '"' | '\r' | '\n' | char::REPLACEMENT_CHARACTER) {
        return Err("read csv line: csv: invalid field or comment delimiter".into());
    }
    let mut reader = Reader { rest: text, number: 0, delimiter, lazy };
    let mut row: Vec<Cow<'_, str>> = Vec::new();
    let mut lines = 0;
    while let Some(line) = reader.line() {
        if content(line).is_empty() {
            continue;
        }
        let mut fields = Vec::new();
        // What stands before a fault is taken, and the fault forgotten, as in Go; if nothing does, it counts.
        match reader.record(line, &mut fields) {
            Err(fault) if fields.is_empty() => return Err(format!("read csv line: {fault}")),
            _ => {}
        }
        lines += 1;
        let mut fields = fields.into_iter();
        match (row.last_mut(), fields.next()) {
            (Some(last), Some(first)) => {
                let last = last.to_mut();
                last.push('\n');
                last.push_str(&first);
            }
            (None, Some(first)) => row.push(first),
            (_, None) => {}
        }
        row.extend(fields);
    }
    if lines == 0 { Err("no csv lines found".into()) } else { Ok(row) }
}

struct Reader<'a> {
    /// The lines not yet read.
    rest: &'a str,
    /// The line's number.
    number: usize,
    delimiter: char,
    lazy: bool,
}

/// A line without its end.
fn content(line: &str) -> &str {
    let line = line.strip_suffix('\n').unwrap_or(line);
    line.strip_suffix('\r').unwrap_or(line)
}

impl<'a> Reader<'a> {
    fn line(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.find('\n').map_or(self.rest.len(), |at| at + 1);
        let (line, rest) = self.rest.split_at(end);
        self.rest = rest;
        self.number += 1;
        Some(line)
    }

    fn record(&mut self, first: &'a str, fields: &mut Vec<Cow<'a, str>>) -> Result<(), String> {
        let start = self.number;
        let mut line = first;
        let mut whole = first;
        loop {
            let Some(quoted) = line.strip_prefix('"') else {
                let plain = content(line);
                let end = plain.find(self.delimiter);
                let field = &plain[..end.unwrap_or(plain.len())];
                if let Some(quote) = field.find('"').filter(|_| !self.lazy) {
                    let column = whole.len() - line.len() + quote + 1;
                    return Err(self.fault(start, column, "bare \" in non-quoted field"));
                }
                fields.push(Cow::Borrowed(field));
                let Some(end) = end else { return Ok(()) };
                line = &line[end + self.delimiter.len_utf8()..];
                continue;
            };
            line = quoted;
            let mut field = String::new();
            loop {
                if let Some(quote) = line.find('"') {
                    let before = &line[..quote];
                    line = &line[quote + 1..];
                    if let Some(rest) = line.strip_prefix('"') {
                        field.push_str(before);
                        field.push('"');
                        line = rest;
                    } else if line.starts_with(self.delimiter) || content(line).is_empty() {
                        // Most quoted fields have no quotes inside.
                        if field.is_empty() {
                            fields.push(Cow::Borrowed(before));
                        } else {
                            fields.push((field + before).into());
                        }
                        break;
                    } else if self.lazy {
                        field.push_str(before);
                        field.push('"');
                    } else {
                        let column = whole.len() - line.len();
                        return Err(self.fault(start, column, "extraneous or missing \" in quoted-field"));
                    }
                } else {
                    // The field goes on in the next line.
                    field.push_str(content(line));
                    if line.ends_with('\n') {
                        field.push('\n');
                    }
                    let column = whole.len() + 1;
                    match self.line() {
                        Some(next) => (line, whole) = (next, next),
                        None if self.lazy => {
                            fields.push(field.into());
                            return Ok(());
                        }
                        None => {
                            return Err(self.fault(
                                start,
                                column,
                                "extraneous or missing \" in quoted-field",
                            ));
                        }
                    }
                }
            }
            let Some(rest) = line.strip_prefix(self.delimiter) else { return Ok(()) };
            line = rest;
        }
    }

    fn fault(&self, start: usize, column: usize, what: &str) -> String {
        let line = self.number;
        if start == line {
            format!("parse error on line {line}, column {column}: {what}")
        } else {
            format!("record on line {start}; parse error on line {line}, column {column}: {what}")
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str, lazy: bool) -> String {
        match read(text, ',', lazy) {
            Ok(fields) => format!("<{}>", fields.iter().map(|field| &**field).collect::<Vec<_>>().join("><")),
            Err(error) => error,
        }
    }

    #[test]
    fn rows_are_read_as_in_go() {
        for (text, expected) in [
            ("a,b,c", "<a><b><c>"),
            ("a,,", "<a><><>"),
            ("\"a\",\"b,\"\"x\"\"\",c\n", "<a><b,\"x\"><c>"),
            ("aa,b\nb,cc,d\nd,ee", "<aa><b\nb><cc><d\nd><ee>"),
            ("a,\"b\nc\",d", "<a><b\nc><d>"),
            ("a,\"b\r\nc\",d\r\n", "<a><b\nc><d>"),
            ("a\n\n\nb", "<a\nb>"),
            ("é,ü", "<é><ü>"),
            ("", "no csv lines found"),
            ("\n\n", "no csv lines found"),
            ("a\"b,c", "read csv line: parse error on line 1, column 2: bare \" in non-quoted field"),
            ("a,b\"c,d", "<a>"),
            (
                "\"a\"b,c",
                "read csv line: parse error on line 1, column 3: extraneous or missing \" in quoted-field",
            ),
            (
                "\"a",
                "read csv line: parse error on line 1, column 3: extraneous or missing \" in quoted-field",
            ),
        ] {
            assert_eq!(shown(text, false), expected, "{text:?}");
        }
        for (text, expected) in [("a\"b,c", "<a\"b><c>"), ("\"a\"b,c\",d", "<a\"b,c><d>"), ("\"a", "<a>")] {
            assert_eq!(shown(text, true), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "[a\",\r\né]{0,24}", lazy in any::<bool>(), delimiter in any::<char>()) {
            let _ = read(&text, ',', lazy);
            let _ = read(&text, delimiter, lazy);
        }
    }
}
