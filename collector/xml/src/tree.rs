//! Documents: nodes in the order in which they were read, which is that of the text.

use std::{borrow::Cow, fmt};

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The whole document.
    Document,
    /// `<?xml …?>`
    Declaration,
    /// An element.
    Element,
    /// Text.
    Text,
    /// Text that was written as `<![CDATA[…]]>`.
    Data,
    /// A comment.
    Comment,
    /// Another `<?…?>`.
    Instruction,
    /// `<!…>`
    Directive,
}

/// A name, perhaps with a prefix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name<'t> {
    /// What stands before the colon.
    pub prefix: Cow<'t, str>,
    /// What stands behind it.
    pub local: Cow<'t, str>,
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.prefix.is_empty() {
            write!(f, "{}:", self.prefix)?;
        }
        f.write_str(&self.local)
    }
}

/// An attribute.
#[derive(Clone, Debug)]
pub struct Attribute<'t> {
    /// The name.
    pub name: Name<'t>,
    /// The value, without escapes.
    pub value: Cow<'t, str>,
    /// Whether it was taken away.
    pub(crate) gone: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Node<'t> {
    pub(crate) kind: Kind,
    /// Of elements, declarations and instructions.
    pub(crate) name: Name<'t>,
    /// Of the others.
    pub(crate) text: Cow<'t, str>,
    pub(crate) attributes: Vec<Attribute<'t>>,
    pub(crate) parent: usize,
    pub(crate) children: Vec<usize>,
    /// Whether it was taken away: so that taking many costs no more than taking one.
    pub(crate) gone: bool,
}

impl<'t> Node<'t> {
    pub(crate) fn new(kind: Kind, parent: usize) -> Self {
        let name = Name::default();
        Self {
            kind,
            name,
            text: Cow::Borrowed(""),
            attributes: Vec::new(),
            parent,
            children: Vec::new(),
            gone: false,
        }
    }

    pub(crate) fn text(kind: Kind, parent: usize, text: Cow<'t, str>) -> Self {
        Self { text, ..Self::new(kind, parent) }
    }
}

/// A node of a document, or an attribute of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Item {
    pub(crate) node: usize,
    /// One more than the attribute's place.
    pub(crate) attribute: usize,
}

impl Item {
    /// The whole document.
    pub const ROOT: Self = Self::node(0);

    pub(crate) const fn node(node: usize) -> Self {
        Self { node, attribute: 0 }
    }

    /// Whether it is an attribute.
    pub fn is_attribute(self) -> bool {
        self.attribute > 0
    }
}

/// An XML document, or several elements in a row.
#[derive(Clone, Debug)]
pub struct Document<'t> {
    pub(crate) nodes: Vec<Node<'t>>,
}

impl Default for Document<'_> {
    fn default() -> Self {
        Self { nodes: vec![Node::new(Kind::Document, 0)] }
    }
}

impl<'t> Document<'t> {
    /// What an item is; an attribute is of the kind of its element.
    pub fn kind(&self, item: Item) -> Kind {
        self.nodes[item.node].kind
    }

    /// The name of an element or an attribute.
    pub fn name(&self, item: Item) -> &Name<'t> {
        match self.attribute(item) {
            Some(attribute) => &attribute.name,
            None => &self.nodes[item.node].name,
        }
    }

    /// The text of a node that has some of its own.
    pub fn text(&self, item: Item) -> &str {
        &self.nodes[item.node].text
    }

    pub(crate) fn attribute(&self, item: Item) -> Option<&Attribute<'t>> {
        self.nodes[item.node].attributes.get(item.attribute.checked_sub(1)?)
    }

    /// The attributes of an element.
    pub fn attributes(&self, item: Item) -> impl Iterator<Item = &Attribute<'t>> {
        self.nodes[item.node].attributes.iter().filter(|attribute| !attribute.gone)
    }

    /// What lies in a node.
    pub fn children(&self, item: Item) -> impl DoubleEndedIterator<Item = Item> + '_ {
        let children = &self.nodes[item.node].children;
        children.iter().filter(|child| !self.nodes[**child].gone).map(|child| Item::node(*child))
    }

    /// All text in an item together, but for comments.
    pub fn inner_text(&self, item: Item) -> Cow<'_, str> {
        if let Some(attribute) = self.attribute(item) {
            return Cow::Borrowed(&attribute.value);
        }
        let node = &self.nodes[item.node];
        match node.kind {
            Kind::Text | Kind::Data => Cow::Borrowed(&node.text),
            Kind::Comment => Cow::Borrowed(""),
            _ => Cow::Owned(self.children(item).map(|child| self.inner_text(child)).collect()),
        }
    }

    /// Takes a node or an attribute away.
    pub fn remove(&mut self, item: Item) {
        let node = &mut self.nodes[item.node];
        match item.attribute.checked_sub(1).map(|at| node.attributes.get_mut(at)) {
            Some(Some(attribute)) => attribute.gone = true,
            Some(None) => {}
            None => node.gone = item.node != 0,
        }
    }

    /// Empties a node's text.
    pub fn clear_text(&mut self, item: Item) {
        self.nodes[item.node].text = Cow::Borrowed("");
    }

    fn push(&mut self, node: Node<'t>) -> usize {
        let (at, parent) = (self.nodes.len(), node.parent);
        self.nodes.push(node);
        self.nodes[parent].children.push(at);
        at
    }

    /// Makes an element of an attribute, as the last in its own.
    pub fn to_element(&mut self, item: Item) {
        let Some(attribute) = self.attribute(item).cloned() else { return };
        self.remove(item);
        let name = Name { local: attribute.name.local, ..Name::default() };
        let element = self.push(Node { name, ..Node::new(Kind::Element, item.node) });
        self.push(Node::text(Kind::Text, element, attribute.value));
    }

    /// Puts a text into an element of that name.
    pub fn wrap(&mut self, item: Item, name: &'t str) {
        let node = &mut self.nodes[item.node];
        let text = std::mem::take(&mut node.text);
        node.kind = Kind::Element;
        node.name.local = Cow::Borrowed(name);
        self.push(Node::text(Kind::Text, item.node, text));
    }

    /// Copies what is in another document to the end of a node. Whether all of it could be, with so many nodes at most.
    pub fn append(&mut self, to: Item, other: &Self, most: usize) -> bool {
        if self.nodes.len() + other.nodes.len() > most {
            return false;
        }
        // The other's root becomes the node, its others follow in their order.
        let base = self.nodes.len();
        let moved = |at: usize| if at == 0 { to.node } else { base + at - 1 };
        for node in &other.nodes[1..] {
            let children = node.children.iter().map(|child| moved(*child)).collect();
            self.nodes.push(Node { parent: moved(node.parent), children, ..node.clone() });
        }
        self.nodes[to.node].children.extend(other.nodes[0].children.iter().map(|child| moved(*child)));
        true
    }
}
