//! Values that a field can have, with Go's strict typing: no number from a string, no string from a number.

use std::collections::BTreeMap;

use crate::{Duration, Field, Issue, Node, Place, Secret, Shape, Shown, node::Value};

/// A leaf value: bool, integers, f64, String, [`Duration`], [`Secret`], [`crate::Headers`], `Vec<T: Leaf>`,
/// `BTreeMap<String, T: Leaf>`, `Option<T>`.
pub trait Leaf: Sized {
    /// Whether a value may be a secret, so that the line it stands on is not shown.
    const SECRET: bool = false;
    /// What the field can hold, for schemas.
    const SHAPE: Shape;

    /// Reads the value; the error is Go's message without the field's name.
    fn leaf(node: &Node) -> Result<Self, String>;

    /// The value as it is printed.
    fn show(&self) -> Shown;

    /// What an unset variable gives; `None` keeps the field's default.
    fn zero() -> Option<Self> {
        None
    }

    /// A list of these from a string standing where a list belongs: Go splits strings at commas, and nothing else.
    fn split(_text: &str) -> Option<Vec<Self>> {
        None
    }

    /// Reads the value of the field `path`, adding to `issues` what is wrong. Collections name the item.
    fn read(node: &Node, at: &Place, path: &str, issues: &mut Vec<Issue>) -> Option<Self> {
        match Self::leaf(node) {
            Ok(value) => Some(value),
            Err(message) => {
                let place = if Self::SECRET { at.hidden() } else { at.clone() };
                issues.push(Issue::new(format!("'{path}' {message}")).at(place));
                None
            }
        }
    }
}

fn unconvertible(node: &Node, expected: &str) -> String {
    format!("expected type '{expected}', got unconvertible type '{}'", node.go_type())
}

pub(crate) fn joined<T: Leaf>(node: &Node) -> Result<T, String> {
    let mut issues = Vec::new();
    T::read(node, node.place(), "", &mut issues)
        .ok_or_else(|| issues.into_iter().map(|i| i.message).collect::<Vec<_>>().join("\n"))
}

impl Leaf for bool {
    const SHAPE: Shape = Shape::Bool;
    fn show(&self) -> Shown {
        Shown::Bool(*self)
    }
    fn leaf(node: &Node) -> Result<Self, String> {
        node.as_bool().ok_or_else(|| unconvertible(node, "bool"))
    }
    fn zero() -> Option<Self> {
        Some(false)
    }
}

impl Leaf for String {
    const SHAPE: Shape = Shape::Text;
    fn show(&self) -> Shown {
        Shown::text(self)
    }
    fn leaf(node: &Node) -> Result<Self, String> {
        node.as_str().map(Self::from).ok_or_else(|| unconvertible(node, "string"))
    }
    fn zero() -> Option<Self> {
        Some(Self::new())
    }
    fn split(text: &str) -> Option<Vec<Self>> {
        Some(if text.is_empty() { Vec::new() } else { text.split(',').map(Self::from).collect() })
    }
}

impl Leaf for Secret {
    const SECRET: bool = true;
    const SHAPE: Shape = Shape::Secret;
    fn show(&self) -> Shown {
        Shown::Secret(self.reveal().into())
    }
    fn leaf(node: &Node) -> Result<Self, String> {
        node.as_str().map(Self::new).ok_or_else(|| unconvertible(node, "configopaque.String"))
    }
    fn zero() -> Option<Self> {
        Some(Self::default())
    }
}

impl Leaf for Duration {
    const SHAPE: Shape = Shape::Duration;
    fn show(&self) -> Shown {
        Shown::Duration(*self)
    }
    #[allow(clippy::cast_possible_truncation, reason = "Go truncates, and `as` saturates")]
    fn leaf(node: &Node) -> Result<Self, String> {
        match node.value {
            Value::Int(n) => Ok(Self(n)),
            Value::Float(x) if x.is_finite() => Ok(Self(x as i64)),
            Value::Text(ref text) => Self::parse(text).map_err(|why| why.reason().to_owned()),
            _ => Err(unconvertible(node, "time.Duration")),
        }
    }
    fn zero() -> Option<Self> {
        Some(Self(0))
    }
}

impl Leaf for f64 {
    const SHAPE: Shape = Shape::Float;
    fn show(&self) -> Shown {
        Shown::Float(*self)
    }
    fn leaf(node: &Node) -> Result<Self, String> {
        node.as_f64().ok_or_else(|| unconvertible(node, "float64"))
    }
    fn zero() -> Option<Self> {
        Some(0.0)
    }
}

/// The whole number that a number is in Go's decoding: fractions are cut off.
#[allow(clippy::cast_possible_truncation, reason = "cutting off is the point, and `as` saturates")]
fn whole(node: &Node) -> Option<i128> {
    match node.value {
        Value::Int(n) => Some(n.into()),
        Value::Uint(n) => Some(n.into()),
        Value::Float(x) => Some(x as i128),
        _ => None,
    }
}

macro_rules! integers {
    ($($type:ty, $name:literal;)*) => { $(
        impl Leaf for $type {
            const SHAPE: Shape = if <$type>::MIN == 0 { Shape::Uint } else { Shape::Int };
            #[allow(clippy::cast_lossless, reason = "not all of the types have a lossless conversion by trait")]
            fn show(&self) -> Shown {
                Shown::Int(*self as i128)
            }
            fn leaf(node: &Node) -> Result<Self, String> {
                let n = whole(node).ok_or_else(|| unconvertible(node, $name))?;
                Self::try_from(n).map_err(|_| {
                    let kind = if n < 0 && Self::MIN == 0 { "uint" } else { $name };
                    format!("cannot parse value as '{}': {n} overflows {kind}", $name)
                })
            }
            fn zero() -> Option<Self> {
                Some(0)
            }
        }
    )* };
}
integers! {
    u8, "uint8";
    u16, "uint16";
    u32, "uint32";
    u64, "uint64";
    usize, "int";
    isize, "int";
    i32, "int32";
    i64, "int64";
}

impl<T: Leaf> Leaf for Option<T> {
    const SECRET: bool = T::SECRET;
    const SHAPE: Shape = T::SHAPE;
    fn show(&self) -> Shown {
        match self {
            Some(value) => value.show(),
            None if matches!(T::SHAPE, Shape::List(_)) => Shown::List(Vec::new()),
            None => Shown::Null,
        }
    }
    fn leaf(node: &Node) -> Result<Self, String> {
        if node.is_null() { Ok(None) } else { T::leaf(node).map(Some) }
    }
    fn zero() -> Option<Self> {
        Some(None)
    }
    fn read(node: &Node, at: &Place, path: &str, issues: &mut Vec<Issue>) -> Option<Self> {
        if node.is_null() { Some(None) } else { T::read(node, at, path, issues).map(Some) }
    }
}

/// What null is: the text that it came from for strings, else the type's zero value, if it has one.
pub(crate) fn null<T: Leaf>(node: &Node) -> Option<T> {
    T::leaf(node).ok().or_else(T::zero)
}

/// Reads an item of a list or map.
pub(crate) fn item<T: Leaf>(node: &Node, at: &Place, path: &str, issues: &mut Vec<Issue>) -> Option<T> {
    let null = if node.is_null() { null(node) } else { None };
    null.or_else(|| T::read(node, at, path, issues))
}

impl<T: Leaf> Leaf for Vec<T> {
    const SECRET: bool = T::SECRET;
    const SHAPE: Shape = Shape::List(&T::SHAPE);
    fn show(&self) -> Shown {
        Shown::List(self.iter().map(T::show).collect())
    }
    fn leaf(node: &Node) -> Result<Self, String> {
        joined(node)
    }
    fn read(node: &Node, at: &Place, path: &str, issues: &mut Vec<Issue>) -> Option<Self> {
        if let Value::Text(text) = &node.value
            && let Some(split) = T::split(text)
        {
            return Some(split);
        }
        let Some(items) = node.items() else {
            let message = format!("'{path}' source data must be an array or slice, got {}", node.go_kind());
            issues.push(Issue::new(message).at(if T::SECRET { at.hidden() } else { at.clone() }));
            return None;
        };
        let read = |(i, node): (usize, &Node)| item(node, node.place(), &format!("{path}[{i}]"), issues);
        // Every item is read, so that every issue is told.
        items.iter().enumerate().map(read).collect::<Vec<_>>().into_iter().collect()
    }
}

impl<T: Leaf> Leaf for BTreeMap<String, T> {
    const SECRET: bool = T::SECRET;
    const SHAPE: Shape = Shape::Map(&T::SHAPE);
    fn show(&self) -> Shown {
        Shown::Map(self.iter().map(|(key, value)| Field::new(&**key, T::SHAPE, value.show())).collect())
    }
    fn leaf(node: &Node) -> Result<Self, String> {
        joined(node)
    }
    fn read(node: &Node, at: &Place, path: &str, issues: &mut Vec<Issue>) -> Option<Self> {
        if !node.is_map() {
            let message = format!("'{path}' {}", unconvertible(node, "map[string]interface {}"));
            issues.push(Issue::new(message).at(if T::SECRET { at.hidden() } else { at.clone() }));
            return None;
        }
        let mut map = Some(Self::new());
        for e in node.entries() {
            let value = item(&e.value, e.value_place(), &format!("{path}[{}]", e.key), issues);
            map = map.zip(value).map(|(mut map, value)| {
                map.insert(e.key.clone(), value);
                map
            });
        }
        map
    }
}

#[cfg(test)]
mod tests;
