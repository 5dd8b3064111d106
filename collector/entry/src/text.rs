//! Texts that cost little to make.

use std::{
    borrow::Borrow,
    fmt,
    hash::{Hash, Hasher},
    ops::Deref,
    str::Utf8Error,
};

use arrayvec::ArrayString;
use bytes::Bytes;
use bytestring::ByteString;

/// What fits beside a pointer in the room of [`Bytes`].
const SHORT: usize = 20;

/// A text. A long one is a slice of bytes that it may share with the line that it was cut from, so that cloning copies
/// nothing; a short one stands in the value itself, because counting who shares a line costs more than copying so little.
#[derive(Clone)]
pub struct Text(Kept);

#[derive(Clone)]
enum Kept {
    Short(ArrayString<SHORT>),
    Long(ByteString),
}

impl Text {
    /// A text without characters.
    pub const fn new() -> Self {
        Self(Kept::Short(ArrayString::new_const()))
    }

    /// A text of the program.
    pub fn from_static(text: &'static str) -> Self {
        Self::short(text).unwrap_or_else(|| Self(Kept::Long(ByteString::from_static(text))))
    }

    /// Makes this a part of another text. What is copied is written where it stays.
    pub(crate) fn set(&mut self, of: &Self, part: &str) {
        if part.len() > SHORT {
            *self = of.long(part);
            return;
        }
        self.0 = Kept::Short(ArrayString::new());
        if let Kept::Short(short) = &mut self.0 {
            short.push_str(part);
        }
    }

    /// A part of this text.
    ///
    /// # Panics
    /// It is none.
    #[must_use]
    pub fn slice_ref(&self, part: &str) -> Self {
        match Self::short(part) {
            Some(short) => short,
            None => self.long(part),
        }
    }

    /// A part that is no short one, of a text that is none then.
    fn long(&self, part: &str) -> Self {
        Self(Kept::Long(match &self.0 {
            Kept::Short(_) => part.into(),
            Kept::Long(text) => text.slice_ref(part),
        }))
    }

    fn short(text: &str) -> Option<Self> {
        ArrayString::from(text).ok().map(|short| Self(Kept::Short(short)))
    }

    fn shared(text: ByteString) -> Self {
        Self::short(&text).unwrap_or(Self(Kept::Long(text)))
    }

    /// Whether it is that name. Most names that are compared are others, which their length or their first byte says.
    pub(crate) fn is(&self, name: &str) -> bool {
        let (own, name) = (self.as_bytes(), name.as_bytes());
        own.len() == name.len() && own.first() == name.first() && own == name
    }
}

impl Default for Text {
    fn default() -> Self {
        Self::new()
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        match &self.0 {
            Kept::Short(text) => text,
            Kept::Long(text) => text,
        }
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.is(other)
    }
}

impl Eq for Text {}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.is(other)
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.is(other)
    }
}

/// As that of what it borrows as.
impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::short(text).unwrap_or_else(|| Self(Kept::Long(text.into())))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::shared(text.into())
    }
}

impl TryFrom<Bytes> for Text {
    type Error = Utf8Error;

    fn try_from(bytes: Bytes) -> Result<Self, Utf8Error> {
        ByteString::try_from(bytes).map(Self::shared)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_is_no_larger_than_bytes() {
        assert_eq!(size_of::<Text>(), size_of::<Bytes>());
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert!(Text::try_from(Bytes::from_static(b"a\xff")).is_err());
    }

    proptest! {
        #[test]
        fn texts_are_what_they_were_made_of(text in ".{0,40}", other in "[ab]{0,2}", cut in 0_usize..100) {
            let cut = (0..=cut.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let all = [
                Text::from(&*text),
                Text::from(text.clone()),
                Text::try_from(Bytes::from(text.clone())).unwrap(),
                Text::from_static(text.clone().leak()),
            ];
            let other_text = Text::from(&*other);
            for made in &all {
                prop_assert_eq!(&**made, &*text);
                prop_assert_eq!(&made.slice_ref(&made[cut..]), &text[cut..]);
                prop_assert_eq!(made, &all[0]);
                prop_assert_eq!(*made == other_text, text == other);
            }
        }
    }
}
