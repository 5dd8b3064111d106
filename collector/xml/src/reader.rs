//! From text to documents.

mod text;

use std::{borrow::Cow, collections::HashSet};

use self::text::Cursor;
use crate::tree::{Attribute, Document, Kind, Name, Node};

/// So deep may elements lie in one another.
pub const DEPTH: usize = 256;

/// How much of a text is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// All of it.
    All,
    /// One element, and what stands before it.
    First,
}

struct Reader<'t> {
    cursor: Cursor<'t>,
    document: Document<'t>,
    /// The elements that are open.
    open: Vec<usize>,
    /// Whether a declaration or an element came: what stands before counts for nothing.
    begun: bool,
    /// The prefixes that were declared.
    prefixes: HashSet<&'t str>,
}

impl<'t> Document<'t> {
    /// Reads a text in which there is an element at least. Without a declaration the text has none afterwards either.
    pub fn read(text: &'t str) -> Result<Self, String> {
        let mut reader = Reader::of(text);
        while reader.token(Extent::All)? {}
        let mut document = reader.document;
        if !document.nodes.iter().any(|node| node.kind == Kind::Element) {
            return Err("xmlquery: invalid XML document".into());
        }
        // What stands first is the declaration then, or in its place.
        let first = &document.nodes[document.nodes[0].children[0]];
        if !text.starts_with("<?xml") && first.kind != Kind::Element {
            let first = document.nodes[0].children[0];
            document.nodes[first].gone = true;
        }
        Ok(document)
    }

    /// Reads the first element of a text, which nothing may follow.
    pub fn read_element(text: &'t str) -> Result<Self, String> {
        let mut reader = Reader::of(text);
        loop {
            let within = reader.begun && !reader.open.is_empty();
            let more = reader.token(Extent::First).map_err(|why| {
                if within {
                    format!("unmarshal xml: decode next token: {why}")
                } else {
                    format!("unmarshal xml: {why}")
                }
            })?;
            if !more {
                return Err("unmarshal xml: EOF".into());
            }
            let root = reader.document.nodes[0]
                .children
                .iter()
                .any(|child| reader.document.nodes[*child].kind == Kind::Element);
            if root && reader.open.is_empty() {
                break;
            }
        }
        if !reader.cursor.rest().is_empty() {
            return Err("trailing bytes after parsing xml".into());
        }
        let mut document = reader.document;
        let nodes = &document.nodes;
        let element = nodes[0].children.iter().copied().find(|child| nodes[*child].kind == Kind::Element);
        document.nodes[0].children = element.into_iter().collect();
        Ok(document)
    }
}

impl<'t> Reader<'t> {
    fn of(text: &'t str) -> Self {
        let prefixes = HashSet::from(["", "xml", "xmlns"]);
        let document = Document::default();
        Self { cursor: Cursor::of(text), document, open: Vec::new(), begun: false, prefixes }
    }

    fn parent(&self) -> usize {
        self.open.last().copied().unwrap_or(0)
    }

    fn put(&mut self, node: Node<'t>) -> usize {
        let (at, parent) = (self.document.nodes.len(), node.parent);
        self.document.nodes.push(node);
        self.document.nodes[parent].children.push(at);
        at
    }

    fn put_text(&mut self, kind: Kind, text: Cow<'t, str>) {
        if self.begun {
            self.put(Node::text(kind, self.parent(), text));
        }
    }

    /// Reads what comes next; `false` at the end.
    fn token(&mut self, extent: Extent) -> Result<bool, String> {
        if self.cursor.rest().is_empty() {
            return if self.open.is_empty() { Ok(false) } else { Err(self.cursor.fault("unexpected EOF")) };
        }
        if !self.cursor.eat("<") {
            let text = self.cursor.text()?;
            self.put_text(Kind::Text, text);
            return Ok(true);
        }
        if self.cursor.eat("/") {
            return self.end().map(|()| true);
        }
        if self.cursor.eat("?") {
            return self.instruction().map(|()| true);
        }
        if self.cursor.eat("!") {
            if self.cursor.eat("--") {
                let text = self.cursor.comment()?;
                self.put_text(Kind::Comment, text);
            } else if self.cursor.eat("[CDATA[") {
                let text = self.cursor.data()?;
                self.put_text(Kind::Data, text);
            } else {
                let text = self.cursor.directive()?;
                self.put_text(Kind::Directive, Cow::Borrowed(text));
            }
            return Ok(true);
        }
        self.start(extent).map(|()| true)
    }

    fn end(&mut self) -> Result<(), String> {
        let name = self.cursor.name("expected element name after </")?;
        self.cursor.space();
        if !self.cursor.eat(">") {
            return Err(self.cursor.fault(&format!("invalid characters between </{} and >", name.local)));
        }
        let Some(open) = self.open.pop() else {
            return Err(self.cursor.fault(&format!("unexpected end element </{}>", name.local)));
        };
        let own = &self.document.nodes[open].name;
        if *own != name {
            return Err(self.cursor.fault(&format!("element <{}> closed by </{}>", own.local, name.local)));
        }
        Ok(())
    }

    fn instruction(&mut self) -> Result<(), String> {
        let target = self.cursor.name("expected target name after <?")?;
        self.cursor.space();
        let inner = self.cursor.until("?>")?;
        self.begun = true;
        let parent = self.parent();
        if target.to_string() != "xml" {
            let node = Node::text(Kind::Instruction, parent, Cow::Borrowed(inner.trim()));
            self.put(Node { name: target, ..node });
            return Ok(());
        }
        let mut node = Node { name: target, ..Node::new(Kind::Declaration, parent) };
        for pair in inner.split(' ') {
            if let Some((name, value)) = pair.trim().split_once('=').filter(|(name, _)| !name.is_empty()) {
                let value = value.trim_matches(['"', '\'']);
                if name == "version" && value != "1.0" {
                    return Err(format!("xml: unsupported version {value:?}; only version 1.0 is supported"));
                }
                let name = Name { local: Cow::Borrowed(name), ..Name::default() };
                node.attributes.push(Attribute { name, value: Cow::Borrowed(value), gone: false });
            }
        }
        self.put(node);
        Ok(())
    }

    fn start(&mut self, extent: Extent) -> Result<(), String> {
        let name = self.cursor.name("expected element name after <")?;
        let mut attributes = Vec::new();
        let empty = loop {
            self.cursor.space();
            if self.cursor.eat("/") {
                if self.cursor.eat(">") {
                    break true;
                }
                return Err(self.cursor.fault("expected /> in element"));
            }
            if self.cursor.eat(">") {
                break false;
            }
            let name = self.cursor.name("expected attribute name in element")?;
            self.cursor.space();
            if !self.cursor.eat("=") {
                return Err(self.cursor.fault("attribute name without = in element"));
            }
            self.cursor.space();
            let value = self.cursor.value()?;
            if let (Cow::Borrowed("xmlns"), Cow::Borrowed(prefix)) = (&name.prefix, &name.local) {
                self.prefixes.insert(prefix);
            }
            attributes.push(Attribute { name, value, gone: false });
        };
        if extent == Extent::All && !self.prefixes.contains(&*name.prefix) {
            let prefix = &name.prefix;
            return Err(format!("xmlquery: invalid XML document, namespace {prefix} is missing"));
        }
        if self.open.len() >= DEPTH {
            return Err(format!("exceeded maximum XML nesting depth of {DEPTH}"));
        }
        self.begun = true;
        let at = self.put(Node { name, attributes, ..Node::new(Kind::Element, self.parent()) });
        if !empty {
            self.open.push(at);
        }
        Ok(())
    }
}
