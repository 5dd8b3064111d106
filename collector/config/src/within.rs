//! A text inside another: a configuration that is a string in a Kubernetes object. Its positions are those of the outer
//! text, which is the one that users have before them.

use std::sync::Arc;

use crate::{Place, place::Source};

/// Where the parts of an inner text stand.
#[derive(Debug)]
pub(crate) struct Within {
    source: Arc<Source>,
    layout: Layout,
}

#[derive(Debug)]
enum Layout {
    /// `|`: a line is a line, less the indentation.
    Block { above: usize, indent: usize },
    /// `"…"`: for each line, where each of its characters stands.
    Quoted(Vec<Vec<(usize, usize)>>),
    /// Any other style: lines are folded, and all stands where the scalar does.
    One(Place),
}

impl Within {
    /// The layout of `text`, which is what the scalar at `place` means.
    pub(crate) fn new(text: &str, place: &Place) -> Self {
        let source = Arc::clone(&place.source);
        let rest = source.text.lines().skip(place.line().saturating_sub(1));
        let layout = block(text, rest.clone(), place).or_else(|| quoted(text, rest, place));
        Self { layout: layout.unwrap_or_else(|| Layout::One(place.clone())), source }
    }

    /// The place of `line` and `column` of the inner text, both from 1.
    pub(crate) fn place(&self, line: usize, column: usize, width: usize) -> Place {
        match &self.layout {
            Layout::Block { above, indent } => Place::new(&self.source, above + line, indent + column, width),
            Layout::Quoted(lines) => {
                let chars = lines.get(line - 1).or(lines.last()).map_or(&[][..], Vec::as_slice);
                let (line, column) = chars.get(column - 1).or(chars.last()).copied().unwrap_or((1, 1));
                Place::new(&self.source, line, column, width)
            }
            Layout::One(place) => place.clone(),
        }
    }
}

/// The layout of a literal block, whose place is that of its first line with something in it.
fn block<'t>(text: &str, mut outer: impl Iterator<Item = &'t str>, place: &Place) -> Option<Layout> {
    let blank = text.lines().take_while(|line| line.trim().is_empty()).count();
    let indent = place.column() - 1;
    let mut inner = text.lines().skip(blank).peekable();
    inner.peek()?;
    let same = inner.all(|line| {
        outer.next().is_some_and(|outer| {
            let margin = outer.bytes().take(indent).take_while(|b| *b == b' ').count();
            outer[margin..] == *line && (margin == indent || line.is_empty())
        })
    });
    same.then_some(Layout::Block { above: (place.line() - 1).saturating_sub(blank), indent })
}

/// The layout of a text in double quotes: reads it as YAML does, keeping count.
fn quoted<'t>(text: &str, outer: impl Iterator<Item = &'t str>, place: &Place) -> Option<Layout> {
    let mut read: Vec<(char, (usize, usize))> = Vec::new();
    let mut pending = 0_usize;
    'lines: for (number, line) in (place.line()..).zip(outer) {
        let first = number == place.line();
        let mut chars = (1..).zip(line.chars()).skip(if first { place.column() - 1 } else { 0 }).peekable();
        if first {
            chars.next().filter(|(_, c)| *c == '"')?;
        } else {
            while chars.next_if(|(_, c)| matches!(c, ' ' | '\t')).is_some() {}
            if chars.peek().is_none() {
                pending += 1;
                continue;
            }
            // A break is a blank, and an empty line a break.
            let at = (number, chars.peek().map_or(1, |(column, _)| *column));
            match pending {
                0 => {}
                1 => read.push((' ', at)),
                breaks => read.extend((1..breaks).map(|_| ('\n', at))),
            }
        }
        pending = 1;
        let mut solid = read.len();
        while let Some((column, c)) = chars.next() {
            let at = (number, column);
            match c {
                '"' => break 'lines,
                '\\' => {
                    let Some((_, escaped)) = chars.next() else {
                        pending = 0;
                        continue 'lines;
                    };
                    let mut code =
                        |digits: usize| chars.by_ref().take(digits).map(|(_, c)| c).collect::<String>();
                    let code = match escaped {
                        'x' => u32::from_str_radix(&code(2), 16).ok()?,
                        'u' => u32::from_str_radix(&code(4), 16).ok()?,
                        'U' => u32::from_str_radix(&code(8), 16).ok()?,
                        'n' => '\n'.into(),
                        't' | '\t' => '\t'.into(),
                        'r' => '\r'.into(),
                        ' ' | '"' | '/' | '\\' => escaped.into(),
                        // What else can be escaped is in no configuration.
                        _ => return None,
                    };
                    read.push((char::from_u32(code)?, at));
                    solid = read.len();
                }
                c => {
                    read.push((c, at));
                    if !matches!(c, ' ' | '\t') {
                        solid = read.len();
                    }
                }
            }
        }
        // Blanks before a break do not count.
        read.truncate(solid);
    }
    // Where this reading and the parser's differ, nothing is known.
    if !read.iter().map(|(c, _)| *c).eq(text.chars()) {
        return None;
    }
    let mut lines = vec![Vec::new()];
    for (c, at) in read {
        lines.last_mut()?.push(at);
        if c == '\n' {
            lines.push(Vec::new());
        }
    }
    Some(Layout::Quoted(lines))
}

#[cfg(test)]
mod tests {
    use crate::{parse_all, parse_inner};

    /// The places of the inner keys, with the text that stands there.
    fn places(outer: &str) -> Vec<String> {
        let node = &parse_all("f", outer).unwrap()[0];
        let inner = parse_inner(node.get("data").unwrap().get("relay").unwrap()).unwrap().unwrap();
        let mut found = Vec::new();
        let mut open = vec![&inner];
        while let Some(node) = open.pop() {
            for entry in node.entries() {
                let place = entry.place();
                let line = place.text().unwrap();
                let there: String = line.chars().skip(place.column() - 1).take(place.width()).collect();
                found.push(format!("{place} {there}"));
                open.push(entry.value());
            }
        }
        found
    }

    #[test]
    fn places_are_those_of_the_outer_text() {
        for (outer, expected) in [
            ("data:\n  relay: |\n    a:\n      bé: 1\n    c: 2\n", &["f:3:5 a", "f:5:5 c", "f:4:7 bé"][..]),
            ("data:\n  relay: |-   # why\n\n\n     a: 1\n\n     c: 2\n", &["f:5:6 a", "f:7:6 c"]),
            ("data:\n  relay: |2\n      a: 1\n      c: 2\n", &["f:3:7 a", "f:4:7 c"]),
            ("data:\n  relay: &x !!str |+\n   a: 1\n", &["f:3:4 a"]),
            ("data: {relay: \"a:\\n  bé: \\\"1\\\"\\nc: 2\\n\"}", &["f:1:16 a", "f:1:33 c", "f:1:22 bé"]),
            (
                "data:\n  relay: \"a: {b: 1,\n\n    c: 2,   \n    dd: \\\n    3}\\n\\\n    \\ \"\n",
                &["f:2:11 a", "f:2:15 b", "f:4:5 c", "f:5:5 dd"],
            ),
            ("{\"data\": {\n\t\"relay\": \"a: 1\\nb: \\u0041\\n\"}}", &["f:2:12 a", "f:2:18 b"]),
        ] {
            assert_eq!(places(outer), expected, "{outer}");
        }
    }

    #[test]
    fn what_is_folded_stands_where_it_begins() {
        for outer in
            ["data:\n  relay: >\n    a: 1\n", "data:\n  relay: '{a: 1}'\n", "data:\n  relay:\n    {a: 1}\n"]
        {
            let node = &parse_all("f", outer).unwrap()[0];
            let relay = node.get("data").unwrap().get("relay").unwrap();
            match parse_inner(relay) {
                Some(inner) => {
                    let inner = inner.unwrap();
                    assert_eq!(inner.entries()[0].place().to_string(), relay.place().to_string());
                }
                None => assert!(relay.is_map()),
            }
        }
    }

    #[test]
    fn errors_are_told_at_the_outer_line() {
        let outer = "data:\n  relay: |\n    a: 1\n    b: c: d\n";
        let node = &parse_all("f", outer).unwrap()[0];
        let error = parse_inner(node.get("data").unwrap().get("relay").unwrap()).unwrap().unwrap_err();
        let expected = "yaml: line 4: mapping values are not allowed in this context
 --> f:4:9
  |
4 |     b: c: d
  |         ^";
        assert_eq!(error.to_string(), expected);
    }
}
