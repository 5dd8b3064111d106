//! A span as Jaeger has it in all its encodings, borrowed from where it stands.

use std::borrow::Cow;

/// A span.
#[derive(Clone, Debug, Default)]
pub(crate) struct Span<'a> {
    pub(crate) trace_id: [u8; 16],
    pub(crate) id: [u8; 8],
    /// Thrift's own field for it; else references tell.
    pub(crate) parent_id: [u8; 8],
    pub(crate) name: Cow<'a, str>,
    pub(crate) references: Vec<Reference>,
    pub(crate) flags: u64,
    /// Nanoseconds since 1970.
    pub(crate) start: u64,
    pub(crate) end: u64,
    pub(crate) tags: Vec<Tag<'a>>,
    pub(crate) logs: Vec<Log<'a>>,
}

/// Another span that has to do with it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reference {
    pub(crate) follows: bool,
    pub(crate) trace_id: [u8; 16],
    pub(crate) id: [u8; 8],
}

/// Something that happened in the span.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log<'a> {
    /// Nanoseconds since 1970.
    pub(crate) time: u64,
    pub(crate) fields: Vec<Tag<'a>>,
}

/// A name and a value.
pub(crate) type Tag<'a> = (Cow<'a, str>, Value<'a>);

/// The value of a tag.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Text(Cow<'a, str>),
    Bool(bool),
    Int(i64),
    Double(f64),
    Bytes(&'a [u8]),
}

impl<'a> Value<'a> {
    /// The text, for good.
    pub(crate) fn into_text(self) -> Cow<'a, str> {
        match self {
            Self::Text(text) => text,
            _ => Cow::Borrowed(""),
        }
    }

    /// The text; nothing if it is no text.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }
}

/// Who made spans.
#[derive(Clone, Debug, Default)]
pub(crate) struct Process<'a> {
    pub(crate) service: Cow<'a, str>,
    pub(crate) tags: Vec<Tag<'a>>,
}

impl Span<'_> {
    /// The parent: the field for it, else the first reference in the same trace, of those that it is a child of if there is
    /// one.
    pub(crate) fn parent(&self) -> [u8; 8] {
        if self.parent_id != [0; 8] {
            return self.parent_id;
        }
        let mut own = self.references.iter().filter(|reference| reference.trace_id == self.trace_id);
        let child = own.clone().find(|reference| !reference.follows);
        child.or_else(|| own.next()).map_or([0; 8], |reference| reference.id)
    }

    /// Whether there is nothing in it.
    pub(crate) fn is_blank(&self) -> bool {
        self.trace_id == [0; 16]
            && self.id == [0; 8]
            && self.parent_id == [0; 8]
            && self.name.is_empty()
            && self.references.is_empty()
            && self.flags == 0
            && self.end == 0
            && self.tags.is_empty()
            && self.logs.is_empty()
    }
}
