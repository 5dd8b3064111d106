//! What reading a section leaves behind besides the settings: which keys there are and what they hold, for `print-config`
//! and for the JSON Schema.

use super::Section;
use crate::{Field, Leaf, Shape, Shown, record::Mode};

impl Section<'_> {
    /// The section, of which every value is recorded that is read.
    #[must_use]
    pub fn recorded(mut self) -> Self {
        self.mode = Mode::Values;
        self
    }

    /// The section, of which is recorded what could be read: sections that are off are read as well, and dropped.
    #[must_use]
    pub fn described(mut self) -> Self {
        self.mode = Mode::Shapes;
        self
    }

    /// What kind of a mapping it is.
    pub fn shape(&self) -> Shape {
        if self.unknown == super::Unknown::Refused { Shape::Section } else { Shape::Open }
    }

    /// What was recorded so far.
    pub fn take_fields(&mut self) -> Vec<Field> {
        std::mem::take(&mut self.fields)
    }

    /// Leaves zero values out of what is printed from here on, as Go does for fields with `omitempty`; sections inherit it.
    /// Returns what held before, to be set again behind the keys of a squashed part.
    pub fn terse(&mut self, on: bool) -> bool {
        std::mem::replace(&mut self.terse, on)
    }

    /// Says what `key` is printed as, where that is not what is written or its default; `None` leaves it out.
    pub fn print_as(&mut self, key: &str, value: &dyn Fn() -> Option<Shown>) {
        if self.mode == Mode::Values {
            self.fields.retain(|f| f.key != key);
            self.fields.extend(value().map(|value| Field::new(key, Shape::Any, value)));
        }
    }

    /// Says what a `key` can hold that was read as something else.
    pub fn holds(&mut self, key: &str, shape: Shape) {
        if let Some(field) = self.fields.iter_mut().find(|f| f.key == key) {
            field.shape = shape;
        }
    }

    /// Notes a section that was read, and takes over what was found in it.
    pub(super) fn leave(&mut self, key: &str, mut inner: Section<'_>, on: bool) {
        if self.mode != Mode::Off {
            if on || self.mode == Mode::Shapes {
                let terse = self.terse(self.terse && !inner.optional);
                let fields = Shown::Map(inner.take_fields());
                self.note(key, inner.shape(), fields);
                self.terse = terse;
            } else {
                self.note_null(key);
            }
        }
        if !on {
            inner.wanted.clear();
        }
        self.absorb(inner);
    }

    pub(super) fn note(&mut self, key: &str, shape: Shape, value: Shown) {
        if self.mode == Mode::Off {
            return;
        }
        self.fields.retain(|f| f.key != key);
        if !(self.mode == Mode::Values && self.terse && value.is_zero()) {
            self.fields.push(Field::new(key, shape, value));
        }
    }

    pub(super) fn note_null(&mut self, key: &str) {
        self.note(key, Shape::Any, Shown::Null);
    }

    pub(super) fn note_leaf<T: Leaf>(&mut self, key: &str, value: &T) {
        if self.mode != Mode::Off {
            self.note(key, T::SHAPE, value.show());
        }
    }

    /// Notes a collection in which nothing stands; by one item of it, where shapes are recorded.
    pub(super) fn note_none(&mut self, key: &str, shape: Shape, read: fn(&mut Section<'_>)) {
        let value = match self.mode {
            Mode::Off => return,
            Mode::Values if shape == Shape::Sections => Shown::List(Vec::new()),
            Mode::Values => Shown::Map(Vec::new()),
            Mode::Shapes => {
                let mut inner = self.inner(None, String::new());
                read(&mut inner);
                Shown::Map(inner.take_fields())
            }
        };
        self.note(key, shape, value);
    }
}
