//! The configuration as a tree in which everything knows where it was written.

use std::fmt;

use crate::Place;

/// A value of the configuration with the place it was written at.
#[derive(Clone)]
pub struct Node {
    pub(crate) value: Value,
    pub(crate) place: Place,
    /// The text that a `${…}` standing alone gave; string fields take it rather than what it parses to.
    pub(crate) original: Option<Box<str>>,
}

#[derive(Clone, Debug)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Int(i64),
    /// Only what does not fit [`Value::Int`].
    Uint(u64),
    Float(f64),
    Text(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key of a mapping and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    pub(crate) key: String,
    pub(crate) place: Place,
    pub(crate) value: Node,
}

impl Entry {
    /// An entry whose key was written at `place`.
    pub fn new(key: impl Into<String>, place: Place, value: Node) -> Self {
        Self { key: key.into(), place, value }
    }

    /// The key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Where the key was written.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The value.
    pub fn value(&self) -> &Node {
        &self.value
    }

    /// The place to point at when something is wrong with the value: a scalar itself, else its key.
    pub fn value_place(&self) -> &Place {
        match self.value.value {
            Value::Null | Value::List(_) | Value::Map(_) => &self.place,
            _ => &self.value.place,
        }
    }
}

impl Node {
    pub(crate) fn new(value: Value, place: Place) -> Self {
        Self { value, place, original: None }
    }

    /// An empty mapping.
    pub fn empty(place: Place) -> Self {
        Self::new(Value::Map(Vec::new()), place)
    }

    /// A mapping of entries with different keys.
    pub fn map(entries: Vec<Entry>, place: Place) -> Self {
        Self::new(Value::Map(entries), place)
    }

    /// A list.
    pub fn list(items: Vec<Self>, place: Place) -> Self {
        Self::new(Value::List(items), place)
    }

    /// A string.
    pub fn text(text: impl Into<String>, place: Place) -> Self {
        Self::new(Value::Text(text.into()), place)
    }

    /// Puts `value` where the keys of `path` lead, in place of what is there; keys match in whatever case. What is missing on
    /// the way becomes a mapping, and what is no mapping stays as it is.
    pub fn put(&mut self, path: &[&str], value: Self) {
        let [key, rest @ ..] = path else {
            *self = value;
            return;
        };
        if self.is_null() {
            self.value = Value::Map(Vec::new());
        }
        let Value::Map(entries) = &mut self.value else { return };
        let place = value.place.clone();
        if let Some(entry) = entries.iter_mut().find(|entry| entry.key.eq_ignore_ascii_case(key)) {
            entry.value.put(rest, value);
            if rest.is_empty() {
                entry.place = place;
            }
        } else {
            let mut inner = Self::new(Value::Null, place.clone());
            inner.put(rest, value);
            entries.push(Entry::new(*key, place, inner));
        }
    }

    /// Replaces each text in the tree, keys aside, for which `change` gives another.
    pub fn change_texts(&mut self, change: &mut impl FnMut(&str, &Place) -> Option<String>) {
        match &mut self.value {
            Value::Text(text) => {
                if let Some(new) = change(text, &self.place) {
                    *text = new;
                }
            }
            Value::List(items) => items.iter_mut().for_each(|item| item.change_texts(change)),
            Value::Map(entries) => entries.iter_mut().for_each(|entry| entry.value.change_texts(change)),
            _ => {}
        }
    }

    /// Where the value was written.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Whether it is null (or an unset variable).
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// The text of a string; for a `${…}` that stands alone, its text whatever that parses to.
    pub fn as_str(&self) -> Option<&str> {
        match (&self.original, &self.value) {
            (Some(original), _) => Some(original),
            (None, Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(b) => Some(b),
            _ => None,
        }
    }

    /// A whole number.
    pub fn as_i64(&self) -> Option<i64> {
        match self.value {
            Value::Int(n) => Some(n),
            _ => None,
        }
    }

    /// Any number.
    #[allow(clippy::cast_precision_loss, reason = "reading an integer as a float rounds, as in Go")]
    pub fn as_f64(&self) -> Option<f64> {
        match self.value {
            Value::Int(n) => Some(n as f64),
            Value::Uint(n) => Some(n as f64),
            Value::Float(x) => Some(x),
            _ => None,
        }
    }

    /// A scalar as text, whatever its kind.
    pub fn scalar_text(&self) -> Option<String> {
        match &self.value {
            Value::Text(text) => Some(text.clone()),
            Value::Bool(b) => Some(b.to_string()),
            Value::Int(n) => Some(n.to_string()),
            Value::Uint(n) => Some(n.to_string()),
            Value::Float(x) => Some(x.to_string()),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// The items of a list.
    pub fn items(&self) -> Option<&[Self]> {
        match &self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// The entries of a mapping in the order written; none for anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// Whether it is a mapping.
    pub fn is_map(&self) -> bool {
        matches!(self.value, Value::Map(_))
    }

    /// The entry of a mapping at `key`.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|e| e.key == key)
    }

    /// The value of a mapping at `key`.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(Entry::value)
    }

    /// The value of a mapping at `key`, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        match &mut self.value {
            Value::Map(entries) => entries.iter_mut().find(|e| e.key == key).map(|e| &mut e.value),
            _ => None,
        }
    }

    /// Puts an entry into a mapping, in place of the one of the same key. What is no mapping becomes one.
    pub fn insert(&mut self, entry: Entry) {
        if !self.is_map() {
            self.value = Value::Map(Vec::new());
        }
        let Value::Map(entries) = &mut self.value else { return };
        match entries.iter_mut().find(|e| e.key == entry.key) {
            Some(old) => *old = entry,
            None => entries.push(entry),
        }
    }

    /// Takes the entry at `key` out of a mapping.
    pub fn remove(&mut self, key: &str) -> Option<Entry> {
        let Value::Map(entries) = &mut self.value else { return None };
        let at = entries.iter().position(|e| e.key == key)?;
        Some(entries.remove(at))
    }

    /// The Go type that a value of this kind has, for messages (`map[string]interface {}`).
    pub fn go_type(&self) -> &'static str {
        match self.value {
            Value::Null => "nil",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Uint(_) => "uint64",
            Value::Float(_) => "float64",
            Value::Text(_) => "string",
            Value::List(_) => "[]interface {}",
            Value::Map(_) => "map[string]interface {}",
        }
    }

    /// The Go kind that a value of this kind has, for messages (`map`).
    pub fn go_kind(&self) -> &'static str {
        match self.value {
            Value::List(_) => "slice",
            Value::Map(_) => "map",
            _ => self.go_type(),
        }
    }

    /// How many levels of collections it has.
    pub(crate) fn depth(&self) -> usize {
        match &self.value {
            Value::List(items) => 1 + items.iter().map(Self::depth).max().unwrap_or(0),
            Value::Map(entries) => 1 + entries.iter().map(|e| e.value.depth()).max().unwrap_or(0),
            _ => 0,
        }
    }

    /// How many nodes it has, itself included.
    pub(crate) fn size(&self) -> usize {
        match &self.value {
            Value::List(items) => 1 + items.iter().map(Self::size).sum::<usize>(),
            Value::Map(entries) => 1 + entries.iter().map(|e| e.value.size()).sum::<usize>(),
            _ => 1,
        }
    }

    /// Says that the node and all in it stand at `place`: what came through an expression is shown as the expression.
    pub fn stand_at(&mut self, place: &Place) {
        self.place = place.clone();
        match &mut self.value {
            Value::List(items) => items.iter_mut().for_each(|n| n.stand_at(place)),
            Value::Map(entries) => {
                for e in entries {
                    e.place = place.clone();
                    e.value.stand_at(place);
                }
            }
            _ => {}
        }
    }
}

/// The shape without the values: values may be secrets.
impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Node({} at {})", self.go_type(), self.place)
    }
}
