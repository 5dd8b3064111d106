//! What expressions compute with.

mod cast;
mod compare;
mod show;
mod sorted;

use std::{fmt, ops::Deref, sync::Arc};

pub(crate) use self::compare::Ordering;
pub use self::{
    cast::{float_of, int_of, map_key, not_a, position, text_of},
    compare::{Unordered, equal, order},
    show::{go_float, show},
    sorted::sorted,
};
use crate::{meter::Meter, time::Time};

/// How deep lists and maps that an expression makes may nest.
const DEPTH: u16 = 100;

/// Text or bytes that stand somewhere else, or that were made on the way.
#[derive(Debug)]
pub enum Held<'a, T: ?Sized> {
    /// A part of the data or of the expression.
    Borrowed(&'a T),
    /// What an expression made.
    Shared(Arc<T>),
}

impl<T: ?Sized> Clone for Held<'_, T> {
    fn clone(&self) -> Self {
        match self {
            Self::Borrowed(held) => Self::Borrowed(held),
            Self::Shared(held) => Self::Shared(Arc::clone(held)),
        }
    }
}

impl<T: ?Sized> Deref for Held<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self {
            Self::Borrowed(held) => held,
            Self::Shared(held) => held,
        }
    }
}

/// A value; cloning one costs a reference count at most.
#[derive(Clone, Debug)]
pub enum Value<'a> {
    /// What is not there.
    Nil,
    /// true or false
    Bool(bool),
    /// A whole number of any of Go's types.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// A text.
    Text(Held<'a, str>),
    /// Bytes that need not be a text.
    Bytes(Held<'a, [u8]>),
    /// A list.
    List(List<'a>),
    /// A map from texts.
    Map(Map<'a>),
    /// A point in time, in UTC.
    Time(Time),
    /// Nanoseconds.
    Duration(i64),
}

/// A list of the data's owner, which expressions look into as far as they need.
pub trait Items: Send + Sync {
    /// How many items there are.
    fn len(&self) -> usize;

    /// The item at a position below [`Self::len`].
    fn get(&self, index: usize) -> Value<'_>;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A map of the data's owner.
pub trait Fields: Send + Sync {
    /// How many entries there are.
    fn len(&self) -> usize;

    /// The value of a key.
    fn get(&self, key: &str) -> Option<Value<'_>>;

    /// The entry at a position below [`Self::len`], in any order that stays.
    fn entry(&self, index: usize) -> (&str, Value<'_>);

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

// As a supertrait it would be compiled for all that data is made of.
impl fmt::Debug for dyn Items + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("len", &self.len()).finish()
    }
}

impl fmt::Debug for dyn Fields + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fields").field("len", &self.len()).finish()
    }
}

/// A list.
#[derive(Clone, Debug)]
pub enum List<'a> {
    /// One of the data.
    Foreign(&'a dyn Items),
    /// One that an expression made.
    Own(Arc<Row<'a>>),
    /// Whole numbers in a row, which take no room.
    Range {
        /// The first one.
        first: i64,
        /// How many.
        count: usize,
    },
}

/// The items of a list that an expression made.
#[derive(Debug)]
pub struct Row<'a> {
    depth: u16,
    items: Vec<Value<'a>>,
}

/// A map.
#[derive(Clone, Debug)]
pub enum Map<'a> {
    /// One of the data.
    Foreign(&'a dyn Fields),
    /// One that an expression made.
    Own(Arc<Table<'a>>),
}

/// The entries of a map that an expression made, by key.
#[derive(Debug)]
pub struct Table<'a> {
    depth: u16,
    entries: Vec<(Held<'a, str>, Value<'a>)>,
}

impl<'a> List<'a> {
    /// A list of these items; fails if they nest too deeply.
    pub fn new(items: Vec<Value<'a>>) -> Result<Self, String> {
        let depth = deeper(items.iter())?;
        Ok(Self::Own(Arc::new(Row { depth, items })))
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Foreign(items) => items.len(),
            Self::Own(row) => row.items.len(),
            Self::Range { count, .. } => *count,
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item at a position; nil beyond the end.
    pub fn get(&self, index: usize) -> Value<'a> {
        match self {
            Self::Foreign(items) if index < items.len() => items.get(index),
            Self::Own(row) => row.items.get(index).cloned().unwrap_or(Value::Nil),
            Self::Range { first, count } if index < *count => {
                Value::Int(first.wrapping_add(i64::try_from(index).unwrap_or_default()))
            }
            _ => Value::Nil,
        }
    }

    /// All items.
    pub fn iter(&self) -> impl Iterator<Item = Value<'a>> + '_ {
        (0..self.len()).map(|index| self.get(index))
    }
}

impl<'a> Map<'a> {
    /// A map of these entries, of which the first of a key counts; fails if they nest too deeply.
    pub fn new(mut entries: Vec<(Held<'a, str>, Value<'a>)>) -> Result<Self, String> {
        slimcol_order::sort_by(&mut entries, |(one, _), (other, _)| one.cmp(other));
        entries.dedup_by(|(one, _), (other, _)| **one == **other);
        let depth = deeper(entries.iter().map(|(_, value)| value))?;
        Ok(Self::Own(Arc::new(Table { depth, entries })))
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Foreign(fields) => fields.len(),
            Self::Own(table) => table.entries.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<Value<'a>> {
        match self {
            Self::Foreign(fields) => fields.get(key),
            Self::Own(table) => {
                let found = table.entries.binary_search_by(|(name, _)| (**name).cmp(key));
                found.ok().map(|index| table.entries[index].1.clone())
            }
        }
    }

    /// All entries, in the order of their keys: that of Go's map is by chance.
    pub fn entries(&self) -> Vec<(Held<'a, str>, Value<'a>)> {
        match self {
            Self::Foreign(fields) => {
                let fields: &'a dyn Fields = *fields;
                let mut entries: Vec<_> = (0..fields.len())
                    .map(|index| {
                        let (key, value) = fields.entry(index);
                        (Held::Borrowed(key), value)
                    })
                    .collect();
                slimcol_order::sort_by(&mut entries, |(one, _), (other, _)| one.cmp(other));
                entries
            }
            Self::Own(table) => table.entries.clone(),
        }
    }
}

/// One more than the depth of what the expression itself nested; the data's own depth is its owner's business.
fn deeper<'v, 'a: 'v>(values: impl Iterator<Item = &'v Value<'a>>) -> Result<u16, String> {
    let deepest = values.map(|value| match value {
        Value::List(List::Own(row)) => row.depth,
        Value::Map(Map::Own(table)) => table.depth,
        _ => 0,
    });
    match deepest.max().unwrap_or_default() {
        depth if depth < DEPTH => Ok(depth + 1),
        _ => Err(format!("value nests deeper than {DEPTH}")),
    }
}

impl Value<'_> {
    /// A text that was made.
    pub fn made(text: String) -> Self {
        Self::Text(Held::Shared(text.into()))
    }

    /// The text that this is, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether there is nothing.
    pub fn is_nil(&self) -> bool {
        matches!(self, Self::Nil)
    }

    /// As Go's `%v` writes it; what is too long for an expression ends early.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        if show(self, &mut text, &mut Meter::new()).is_err() {
            text.push('…');
        }
        text
    }

    /// What Go calls its type, for messages.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Nil => "<nil>",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float64",
            Self::Text(_) => "string",
            Self::Bytes(_) => "[]uint8",
            Self::List(_) => "[]interface {}",
            Self::Map(_) => "map[string]interface {}",
            Self::Time(_) => "time.Time",
            Self::Duration(_) => "time.Duration",
        }
    }

    /// What Go's reflection calls its kind, for messages.
    pub fn kind_name(&self) -> &'static str {
        match self {
            Self::Nil => "invalid",
            Self::Bytes(_) | Self::List(_) => "slice",
            Self::Map(_) => "map",
            Self::Time(_) => "struct",
            Self::Duration(_) => "int64",
            _ => self.type_name(),
        }
    }
}

/// As `==` of the language compares.
impl PartialEq for Value<'_> {
    fn eq(&self, other: &Self) -> bool {
        equal(self, other, &mut Meter::new()).unwrap_or(false)
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<f64> for Value<'_> {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Held::Borrowed(text))
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(Held::Borrowed(bytes))
    }
}

impl<'a> From<&'a dyn Fields> for Value<'a> {
    fn from(fields: &'a dyn Fields) -> Self {
        Self::Map(Map::Foreign(fields))
    }
}

impl<'a> From<&'a dyn Items> for Value<'a> {
    fn from(items: &'a dyn Items) -> Self {
        Self::List(List::Foreign(items))
    }
}
