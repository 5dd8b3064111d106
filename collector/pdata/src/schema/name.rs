//! A field's name in its two spellings.

/// The longest name in the schema fits.
const ROOM: usize = 32;

/// A field's name as the `.proto` files spell it, and as JSON does, worked out when the program is compiled.
#[derive(Debug)]
pub(crate) struct Name {
    snake: &'static str,
    camel: [u8; ROOM],
    len: usize,
}

impl Name {
    /// `start_time` gives `start_time` and `startTime`. A closing `_` is not part of the name: it keeps Rust's keywords away.
    pub(crate) const fn new(spelled: &'static str) -> Self {
        let (snake, _) = match spelled.as_bytes() {
            [.., b'_'] => spelled.split_at(spelled.len() - 1),
            _ => (spelled, ""),
        };
        let (from, mut camel, mut len, mut at) = (snake.as_bytes(), [0; ROOM], 0, 0);
        while at < from.len() {
            if from[at] == b'_' {
                at += 1;
                camel[len] = from[at].to_ascii_uppercase();
            } else {
                camel[len] = from[at];
            }
            len += 1;
            at += 1;
        }
        Self { snake, camel, len }
    }

    /// As JSON spells it.
    pub(crate) fn camel(&self) -> &str {
        std::str::from_utf8(&self.camel[..self.len]).unwrap_or_default()
    }

    /// Whether `text` is one of the two spellings.
    pub(crate) fn is(&self, text: &[u8]) -> bool {
        text == &self.camel[..self.len] || text == self.snake.as_bytes()
    }

    /// As Go names the struct's field, for the messages that quote it.
    pub(crate) fn go(&self) -> String {
        let mut name = self.camel().to_owned();
        if let Some(first) = name.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn spells_both_ways() {
        let name = Name::new("dropped_attributes_count");
        assert_eq!(name.camel(), "droppedAttributesCount");
        assert_eq!(name.go(), "DroppedAttributesCount");
        assert!(name.is(b"droppedAttributesCount") && name.is(b"dropped_attributes_count"));
        assert!(!name.is(b"DroppedAttributesCount") && !name.is(b"dropped_attributes_coun"));
        assert_eq!(Name::new("type_").camel(), "type");
    }
}
