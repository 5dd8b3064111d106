//! Values as text: the YAML and the JSON that the Go collector prints.

use std::{borrow::Cow, fmt::Write};

use slimcol_config::{Field, Shown, reads_as_text, without_secrets};

use crate::log::json_string;

const HIDDEN: &str = "[REDACTED]";

/// How values are written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub(super) json: bool,
    /// Whether secrets are shown.
    pub(super) reveal: bool,
}

impl Style {
    /// The fields of a whole document.
    pub(super) fn document(self, fields: &[Field]) -> String {
        let mut text = String::new();
        if self.json {
            self.json_map(&mut text, fields, 0);
        } else {
            self.yaml_map(&mut text, fields, 0, 0);
        }
        text.push('\n');
        text
    }

    fn secret(self, text: &str) -> &str {
        if self.reveal { text } else { HIDDEN }
    }

    /// A text that is no secret by itself.
    fn text(self, text: &str) -> Cow<'_, str> {
        if self.reveal { Cow::Borrowed(text) } else { without_secrets(text) }
    }

    /// `first` is how far in the first line already is.
    fn yaml_map(self, to: &mut String, fields: &[Field], first: usize, indent: usize) {
        for (i, field) in sorted(fields).into_iter().enumerate() {
            let blanks = if i == 0 { indent - first } else { indent };
            let _ = write!(to, "{:blanks$}", "");
            scalar(to, &field.key);
            to.push(':');
            // Behind a dash Go's YAML counts from the dash.
            let inner = if first > 0 { indent + 2 } else { indent + 4 };
            self.yaml(to, &field.value, inner);
        }
    }

    fn yaml(self, to: &mut String, value: &Shown, indent: usize) {
        match value {
            Shown::Map(fields) if !fields.is_empty() => {
                to.push('\n');
                self.yaml_map(to, fields, 0, indent);
            }
            Shown::List(items) if !items.is_empty() => {
                to.push('\n');
                for item in items {
                    let _ = write!(to, "{:indent$}-", "");
                    match item {
                        Shown::Map(fields) if !fields.is_empty() => {
                            to.push(' ');
                            self.yaml_map(to, fields, indent + 2, indent + 2);
                        }
                        item => self.yaml(to, item, indent + 4),
                    }
                }
            }
            value => {
                to.push(' ');
                // Writing to a String cannot fail.
                let _ = match value {
                    Shown::Null => write!(to, "null"),
                    Shown::Bool(b) => write!(to, "{b}"),
                    Shown::Int(n) => write!(to, "{n}"),
                    Shown::Float(x) => write!(to, "{x}"),
                    Shown::Duration(time) => write!(to, "{time}"),
                    Shown::List(_) => write!(to, "[]"),
                    Shown::Map(_) => write!(to, "{{}}"),
                    Shown::Text(text) => {
                        scalar(to, &self.text(text));
                        Ok(())
                    }
                    Shown::Secret(text) => {
                        scalar(to, self.secret(text));
                        Ok(())
                    }
                };
                to.push('\n');
            }
        }
    }

    fn json_map(self, to: &mut String, fields: &[Field], indent: usize) {
        let fields = sorted(fields);
        let items = fields.iter().map(|field| (Some(&*field.key), &field.value));
        self.json_items(to, ('{', '}'), &mut items.into_iter(), indent);
    }

    fn json_items(
        self,
        to: &mut String,
        (open, close): (char, char),
        items: &mut dyn Iterator<Item = (Option<&str>, &Shown)>,
        indent: usize,
    ) {
        to.push(open);
        let mut any = false;
        for (key, value) in items {
            to.push_str(if any { ",\n" } else { "\n" });
            any = true;
            let _ = write!(to, "{:1$}", "", indent + 2);
            if let Some(key) = key {
                json_string(to, key);
                to.push_str(": ");
            }
            self.json(to, value, indent + 2);
        }
        if any {
            let _ = write!(to, "\n{:indent$}", "");
        }
        to.push(close);
    }

    fn json(self, to: &mut String, value: &Shown, indent: usize) {
        let _ = match value {
            // What is empty without being written is nil in Go, which only its JSON shows.
            Shown::Null => write!(to, "null"),
            Shown::List(items) if items.is_empty() => write!(to, "null"),
            Shown::Bool(b) => write!(to, "{b}"),
            Shown::Int(n) => write!(to, "{n}"),
            Shown::Float(x) => write!(to, "{x}"),
            Shown::Duration(time) => write!(to, "{}", time.0),
            Shown::Text(text) => {
                json_string(to, &self.text(text));
                Ok(())
            }
            Shown::Secret(text) => {
                json_string(to, self.secret(text));
                Ok(())
            }
            Shown::List(items) => {
                self.json_items(to, ('[', ']'), &mut items.iter().map(|item| (None, item)), indent);
                Ok(())
            }
            Shown::Map(fields) => {
                self.json_map(to, fields, indent);
                Ok(())
            }
        };
    }
}

fn sorted(fields: &[Field]) -> Vec<&Field> {
    let mut sorted: Vec<&Field> = Vec::with_capacity(fields.len());
    for field in fields {
        // Lists are short, and the library's sorting is 4 KB for each type.
        let at = sorted.partition_point(|other| other.key <= field.key);
        sorted.insert(at, field);
    }
    sorted
}

/// A string as yaml.v3 writes it: plain where it stays a string that way, in double quotes where it would become something
/// else, in single quotes where it would become a mistake.
fn scalar(to: &mut String, text: &str) {
    let other = |c: char| c < ' ' || matches!(c, '\u{7f}'..='\u{a0}' | '\u{feff}');
    if text.contains(other) || text.is_empty() || !reads_as_text(text) || old_word(text) {
        json_string(to, text);
    } else if text.starts_with(|c| "#,[]{}&*!|>'\"%@` ".contains(c))
        || text.starts_with(['-', '?', ':']) && matches!(text.as_bytes().get(1), None | Some(b' '))
        || text.contains(": ")
        || text.contains(" #")
        || text.ends_with([' ', ':'])
    {
        to.push('\'');
        to.push_str(&text.replace('\'', "''"));
        to.push('\'');
    } else {
        to.push_str(text);
    }
}

/// What was no string in YAML 1.1: words, numbers to the base of 60, dates.
fn old_word(text: &str) -> bool {
    let words = ["y", "n", "yes", "no", "on", "off", "<<", "="];
    let digits = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.' | '_');
    words.iter().any(|word| word.eq_ignore_ascii_case(text))
        || text.contains(':')
            && text.strip_prefix(['-', '+']).unwrap_or(text).chars().all(digits)
            && text.rsplit(':').all(|part| part.len() < 3)
        || text.len() > 7 && text.as_bytes()[4] == b'-' && text.bytes().take(4).all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use slimcol_config::Shape;

    use super::*;

    #[test]
    fn strings_are_quoted_as_yaml_v3_does() {
        for (text, yaml) in [
            ("", "\"\""),
            ("x:1", "x:1"),
            ("[REDACTED]", "'[REDACTED]'"),
            ("[::1]:4317", "'[::1]:4317'"),
            ("127.0.0.1:4317", "127.0.0.1:4317"),
            ("1.2", "\"1.2\""),
            ("true", "\"true\""),
            ("no", "\"no\""),
            ("2020-01-01", "\"2020-01-01\""),
            ("12:30", "\"12:30\""),
            ("a: b", "'a: b'"),
            ("it's", "it's"),
            ("- x", "'- x'"),
            ("-x", "-x"),
            ("a #b", "'a #b'"),
            ("a\tb", "\"a\\tb\""),
            ("traces/a", "traces/a"),
            ("http://x:1", "http://x:1"),
        ] {
            let mut to = String::new();
            scalar(&mut to, text);
            assert_eq!(to, yaml);
        }
    }

    #[test]
    fn documents_look_like_gos() {
        let inner = Shown::map([("name", Shown::text("A")), ("b", Shown::map([("c", Shown::Int(1))]))]);
        let fields = [
            Field::new("list", Shape::Any, Shown::List(vec![inner, Shown::text("x")])),
            Field::new("key", Shape::Any, Shown::Secret("s".into())),
            Field::new("none", Shape::Any, Shown::List(Vec::new())),
            Field::new("time", Shape::Any, Shown::Duration(slimcol_config::Duration::secs(90))),
            Field::new("empty", Shape::Any, Shown::Map(Vec::new())),
        ];
        let style = Style { json: false, reveal: false };
        let yaml = "empty: {}\nkey: '[REDACTED]'\nlist:\n    - b:\n        c: 1\n      name: A\n    - x\nnone: []\ntime: 1m30s\n\n";
        assert_eq!(style.document(&fields), yaml);
        let style = Style { json: true, reveal: true };
        let json = "{\n  \"empty\": {},\n  \"key\": \"s\",\n  \"list\": [\n    {\n      \"b\": {\n        \"c\": 1\n      },\n      \
                    \"name\": \"A\"\n    },\n    \"x\"\n  ],\n  \"none\": null,\n  \"time\": 90000000000\n}\n";
        assert_eq!(style.document(&fields), json);
    }
    #[test]
    fn passwords_in_urls_are_hidden() {
        let style = Style { json: true, reveal: false };
        for (text, shown) in [
            ("http://me:secret@h:1/p@q?x", "http://me:***@h:1/p@q?x"),
            ("http://me:a@b@h", "http://me:***@h"),
            ("http://me@h:1", "http://me@h:1"),
            ("http://h:1/a:b@c", "http://h:1/a:b@c"),
            ("me:secret@h", "me:secret@h"),
        ] {
            assert_eq!(style.text(text), shown);
            assert_eq!(Style { reveal: true, ..style }.text(text), text);
        }
    }
}
