//! Documents as text.

use crate::tree::{Document, Item, Kind};

/// Text with what means something escaped.
fn escaped(text: &str, to: &mut String) {
    for letter in text.chars() {
        match letter {
            '<' => to.push_str("&lt;"),
            '>' => to.push_str("&gt;"),
            '&' => to.push_str("&amp;"),
            '\'' => to.push_str("&#39;"),
            '"' => to.push_str("&#34;"),
            letter => to.push(letter),
        }
    }
}

impl Document<'_> {
    /// The items as text, one after the other. Attributes are written as their values.
    pub fn written(&self, items: &[Item]) -> String {
        let mut to = String::new();
        for item in items {
            self.write(*item, &mut to);
        }
        to
    }

    /// The text in an item, with what means something escaped.
    pub fn escaped_text(&self, item: Item) -> String {
        let mut to = String::new();
        escaped(&self.inner_text(item), &mut to);
        to
    }

    fn write(&self, item: Item, to: &mut String) {
        if item.is_attribute() {
            return escaped(&self.inner_text(item), to);
        }
        let (kind, text) = (self.kind(item), self.text(item));
        match kind {
            Kind::Document => {}
            Kind::Text => return escaped(text, to),
            Kind::Data => return to.extend(["<![CDATA[", text, "]]>"]),
            Kind::Comment => return to.extend(["<!--", text, "-->"]),
            Kind::Directive => return to.extend(["<!", text, ">"]),
            Kind::Instruction => {
                let space = if text.is_empty() { "" } else { " " };
                return to.extend(["<?", &self.name(item).local, space, text, "?>"]);
            }
            Kind::Declaration | Kind::Element => {
                to.push_str(if kind == Kind::Element { "<" } else { "<?" });
                to.push_str(&self.name(item).to_string());
                for attribute in self.attributes(item) {
                    to.extend([" ", &attribute.name.to_string(), "=\""]);
                    escaped(&attribute.value, to);
                    to.push('"');
                }
                to.push_str(if kind == Kind::Element { ">" } else { "?>" });
            }
        }
        self.children(item).for_each(|child| self.write(child, to));
        if kind == Kind::Element {
            to.extend(["</", &self.name(item).to_string(), ">"]);
        }
    }
}
