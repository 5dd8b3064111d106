//! YAML text to a [`Node`]: events of the parser, anchors, merge keys, duplicate keys, limits.

use std::{collections::HashMap, sync::Arc};

use granit_parser::{Event, Parser, ScalarStyle, Span, StrInput, Tag};

use crate::{Entry, Issue, Node, Place, node::Value, place::Source, scalar, within::Within};

/// Deepest nesting, aliases included. What reads the tree recurses.
const DEPTH: usize = 200;
/// How many nodes aliases may add to a document.
const ALIASED: usize = 100_000;
/// Documents larger than this are not configurations.
const BYTES: usize = 64 << 20;

/// Reads the first document of `source`. An empty one is null. The error's message is in yaml.v3's words
/// (`yaml: line 2: mapping values are not allowed in this context`).
pub(crate) fn parse(source: Source) -> Result<Node, Issue> {
    let source = without_mark(source);
    Builder::new(&source.text, Ground::Whole(&source))?.document()
}

/// Reads every document of `source`.
pub(crate) fn parse_all(source: Source) -> Result<Vec<Node>, Issue> {
    let source = without_mark(source);
    Builder::new(&source.text, Ground::Whole(&source))?.documents()
}

/// Reads the first document of `text`, which stands inside another text.
pub(crate) fn parse_within(text: &str, within: &Within) -> Result<Node, Issue> {
    Builder::new(text, Ground::Part(within))?.document()
}

/// The source without a byte order mark.
fn without_mark(mut source: Source) -> Arc<Source> {
    if source.text.starts_with('\u{feff}') {
        source.text.remove(0);
    }
    Arc::new(source)
}

/// What the positions in a text are positions in.
#[derive(Clone, Copy)]
enum Ground<'t> {
    Whole(&'t Arc<Source>),
    Part(&'t Within),
}

struct Builder<'t> {
    events: Parser<'t, StrInput<'t>>,
    ground: Ground<'t>,
    anchors: HashMap<usize, Node>,
    aliased: usize,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str, ground: Ground<'t>) -> Result<Self, Issue> {
        if text.len() > BYTES {
            return Err(Issue::new("yaml: input is larger than 64 MiB"));
        }
        let mut options = granit_parser::Options::default();
        options.set_emit_comments(false);
        options.simple_key_max_lookahead = 4096;
        let events = Parser::new_from_str_with_options(text, options);
        Ok(Self { events, ground, anchors: HashMap::new(), aliased: 0 })
    }

    fn documents(&mut self) -> Result<Vec<Node>, Issue> {
        let mut found = Vec::new();
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(found),
                Event::StreamStart | Event::DocumentStart(..) => {}
                // An anchor belongs to its document.
                Event::DocumentEnd => self.anchors.clear(),
                event => found.push(self.node(event, span, 0)?),
            }
        }
    }

    fn document(&mut self) -> Result<Node, Issue> {
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamStart | Event::DocumentStart(..) => {}
                Event::StreamEnd | Event::DocumentEnd => return Ok(Node::new(Value::Null, self.at(span))),
                event => {
                    let root = self.node(event, span, 0)?;
                    // What stands between the first document and the next must still be YAML.
                    self.next()?;
                    return Ok(root);
                }
            }
        }
    }

    fn next(&mut self) -> Result<(Event<'t>, Span), Issue> {
        match self.events.next_event() {
            Some(Ok(next)) => Ok(next),
            Some(Err(e)) => {
                let mark = e.marker();
                let place = self.place(mark.line(), mark.col(), 1);
                let message = format!("yaml: line {}: {}", place.line(), in_go(&e.info()));
                let issue = Issue::new(message);
                let help = place.text().and_then(|line| way_out(line, mark.col()));
                Err(Issue { help, ..issue }.at(place))
            }
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn at(&self, span: Span) -> Place {
        let (start, end) = (span.start, span.end);
        let width = if start.line() == end.line() { end.col().saturating_sub(start.col()) } else { 1 };
        self.place(start.line(), start.col(), width)
    }

    /// The place of the parser's `line` (from 1) and `column` (from 0).
    fn place(&self, line: usize, column: usize, width: usize) -> Place {
        match self.ground {
            Ground::Whole(source) => Place::new(source, line.max(1), column + 1, width),
            Ground::Part(within) => within.place(line.max(1), column + 1, width),
        }
    }

    fn error(&self, span: Span, what: &str) -> Issue {
        let place = self.at(span);
        Issue::new(format!("yaml: line {}: {what}", place.line())).at(place)
    }

    fn node(&mut self, event: Event<'t>, span: Span, depth: usize) -> Result<Node, Issue> {
        if depth > DEPTH {
            return Err(self.error(span, "exceeded max depth"));
        }
        let (node, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                (Node::new(self.scalar(&text, style, tag.as_deref(), span)?, self.at(span)), anchor)
            }
            Event::SequenceStart(_, anchor, _) => (self.sequence(span, depth)?, anchor),
            Event::MappingStart(_, anchor, _) => (self.mapping(span, depth)?, anchor),
            Event::Alias(id) => return self.alias(id, span, depth),
            _ => return Err(self.error(span, "did not find expected node content")),
        };
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn scalar(&self, text: &str, style: ScalarStyle, tag: Option<&Tag>, span: Span) -> Result<Value, Issue> {
        match tag {
            Some(tag) => match tag.core_suffix() {
                Some(core) => scalar::tagged(core, text)
                    .ok_or_else(|| self.error(span, &format!("cannot decode {text:?} as a !!{core}"))),
                None => Ok(Value::Text(text.into())),
            },
            None if style == ScalarStyle::Plain => Ok(scalar::plain(text)),
            None => Ok(Value::Text(text.into())),
        }
    }

    fn sequence(&mut self, span: Span, depth: usize) -> Result<Node, Issue> {
        let mut items = Vec::new();
        loop {
            let (event, at) = self.next()?;
            match event {
                Event::SequenceEnd => return Ok(Node::new(Value::List(items), self.at(span))),
                event => items.push(self.node(event, at, depth + 1)?),
            }
        }
    }

    fn mapping(&mut self, span: Span, depth: usize) -> Result<Node, Issue> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut lines: HashMap<String, usize> = HashMap::new();
        let mut merged = Vec::new();
        loop {
            let (event, at) = self.next()?;
            if matches!(event, Event::MappingEnd) {
                break;
            }
            let merge = matches!(&event, Event::Scalar(text, ScalarStyle::Plain, _, None) if text == "<<");
            let (key, place) = self.key(event, at)?;
            let (event, at) = self.next()?;
            let value = self.node(event, at, depth + 1)?;
            if merge {
                merged.push((value, at));
                continue;
            }
            if let Some(line) = lines.insert(key.clone(), place.line()) {
                let message = format!(
                    "yaml: unmarshal errors:\n  line {}: mapping key {key:?} already defined at line {line}",
                    place.line()
                );
                return Err(Issue::new(message).at(place));
            }
            entries.push(Entry { key, place, value });
        }
        for (value, at) in merged {
            self.merge(&mut entries, &mut lines, value, at)?;
        }
        Ok(Node::new(Value::Map(entries), self.at(span)))
    }

    fn key(&mut self, event: Event<'t>, span: Span) -> Result<(String, Place), Issue> {
        let place = self.at(span);
        match event {
            Event::Scalar(text, _, anchor, _) => {
                if anchor > 0 {
                    self.anchors.insert(anchor, Node::new(Value::Text(text.to_string()), place.clone()));
                }
                Ok((text.into_owned(), place))
            }
            Event::Alias(id) => match self.anchors.get(&id).and_then(Node::as_str) {
                Some(text) => Ok((text.into(), place)),
                None => Err(self.error(span, "invalid map key")),
            },
            _ => Err(self.error(span, "invalid map key")),
        }
    }

    /// A merge key's mappings: what is there already wins, and of several the earlier.
    fn merge(
        &self,
        entries: &mut Vec<Entry>,
        lines: &mut HashMap<String, usize>,
        value: Node,
        at: Span,
    ) -> Result<(), Issue> {
        let maps = match value.value {
            Value::List(items) => items,
            _ => vec![value],
        };
        for map in maps {
            let Value::Map(found) = map.value else {
                return Err(self.error(at, "map merge requires map or sequence of maps as the value"));
            };
            for entry in found {
                if !lines.contains_key(&entry.key) {
                    lines.insert(entry.key.clone(), entry.place.line());
                    entries.push(entry);
                }
            }
        }
        Ok(())
    }

    fn alias(&mut self, id: usize, span: Span, depth: usize) -> Result<Node, Issue> {
        let Some(node) = self.anchors.get(&id) else {
            return Err(self.error(span, "anchor value contains itself"));
        };
        self.aliased += node.size();
        if self.aliased > ALIASED {
            return Err(self.error(span, "document contains excessive aliasing"));
        }
        if depth + node.depth() > DEPTH {
            return Err(self.error(span, "exceeded max depth"));
        }
        Ok(node.clone())
    }
}

/// What to do about what stands at `column` (from 0) and cannot stand there.
fn way_out(line: &str, column: usize) -> Option<String> {
    let here = line.chars().nth(column);
    // Unquoted, the brace of an expression opens a mapping inside another.
    if column > 0 && line.chars().skip(column - 1).take(2).eq("${".chars()) {
        return Some("`${…}` inside `{…}` or `[…]` must be quoted".to_owned());
    }
    let mut before = line.chars().take(column);
    if here == Some('\t') || before.clone().all(char::is_whitespace) && before.any(|c| c == '\t') {
        return Some("YAML indents with blanks, not with tabs".to_owned());
    }
    let reserved = here.filter(|c| matches!(c, '@' | '`' | '%'))?;
    Some(format!("a text that begins with `{reserved}` must be quoted"))
}

/// The parser's messages are libyaml's with their context and a few of its own; yaml.v3's have no context.
fn in_go(message: &str) -> &str {
    let bare = match message.split_once(", ") {
        Some((context, bare)) if context.starts_with("while ") => bare,
        _ => message,
    };
    if bare == "simple key expected ':'" {
        "could not find expected ':'"
    } else if bare.starts_with("unexpected character: ") || bare.starts_with("tabs disallowed") {
        "found character that cannot start any token"
    } else {
        bare
    }
}

#[cfg(test)]
mod tests;
