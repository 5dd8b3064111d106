//! Paths into entries: `body`, `attributes["a.b"]`, `resource.x.y`.

mod path;

use std::fmt;

use slimcol_config::{Leaf, Node, Shape, Shown};

use crate::{Entry, Map, Text, Value};

/// Where a value stands in an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    root: Root,
    keys: Vec<Text>,
}

/// The part of the entry that a path starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// What it says.
    Body,
    /// What is known of it.
    Attributes,
    /// What is known of where it came from.
    Resource,
}

/// A field that may be all `attributes` or all of `resource`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rootable(pub Field);

impl Field {
    /// The whole body.
    pub const BODY: Self = Self { root: Root::Body, keys: Vec::new() };
    /// All attributes.
    pub const ATTRIBUTES: Self = Self { root: Root::Attributes, keys: Vec::new() };

    /// A field of the body.
    pub fn body(key: &'static str) -> Self {
        Self { root: Root::Body, keys: vec![Text::from_static(key)] }
    }

    /// An attribute.
    pub fn attribute(key: &'static str) -> Self {
        Self { root: Root::Attributes, keys: vec![Text::from_static(key)] }
    }

    /// Reads a path; the error is Go's.
    pub fn parse(path: &str) -> Result<Self, String> {
        let Rootable(field) = Rootable::parse(path)?;
        if field.keys.is_empty() && field.root != Root::Body {
            return Err(format!("{} cannot be referenced without subfield", field.root.name()));
        }
        Ok(field)
    }

    /// Where it starts from.
    pub fn root(&self) -> Root {
        self.root
    }

    /// What the field is in; the body, the attributes and the resource are in themselves.
    #[must_use]
    pub fn parent(&self) -> Self {
        let keys = self.keys.split_last().map_or(&[][..], |(_, rest)| rest);
        Self { root: self.root, keys: keys.to_vec() }
    }

    /// The map that stands there, which takes the place of anything else.
    pub fn map_mut<'e>(&self, entry: &'e mut Entry) -> &'e mut Map {
        let root = self.root.map_mut(entry);
        self.keys.iter().fold(root, |map, key| map.entry(key).map_mut())
    }

    /// The value. All attributes and all of the resource are no value.
    pub fn get<'e>(&self, entry: &'e Entry) -> Option<&'e Value> {
        let (first, rest) = match (self.root, &self.keys[..]) {
            (Root::Body, keys) => (&entry.body, keys),
            (Root::Attributes, [key, rest @ ..]) => (entry.attributes.get(key)?, rest),
            (Root::Resource, [key, rest @ ..]) => (entry.resource.get(key)?, rest),
            _ => return None,
        };
        rest.iter().try_fold(first, |value, key| value.as_map()?.get(key))
    }

    /// Puts a value there. A map is merged into what is there; what is no map on the way becomes one.
    pub fn set(&self, entry: &mut Entry, value: Value) -> Result<(), String> {
        match (value, &self.keys[..]) {
            (Value::Map(map), []) if self.root == Root::Attributes => entry.attributes.extend(map),
            (Value::Map(map), _) => self.map_mut(entry).extend(map),
            (value, [way @ .., key]) => {
                let mut target = self.root.map_mut(entry);
                for key in way {
                    target = target.entry(key).map_mut();
                }
                target.insert(key.clone(), value);
            }
            (value, []) if self.root == Root::Body => entry.body = value,
            (_, []) => return Err(format!("cannot set {} root", self.root.name())),
        }
        Ok(())
    }

    /// Takes the value out; `None` if there is none. All attributes and all of the resource go at once.
    pub fn delete(&self, entry: &mut Entry) -> Option<Value> {
        let [way @ .., key] = &self.keys[..] else {
            return Some(match self.root {
                Root::Body => std::mem::take(&mut entry.body),
                Root::Attributes => Value::Map(std::mem::take(&mut entry.attributes).into_map()),
                Root::Resource => Value::Map(std::mem::take(&mut entry.resource).into_map()),
            });
        };
        // What is shared is only copied for what is there.
        self.get(entry)?;
        let mut map = match (self.root, &mut entry.body) {
            (Root::Body, Value::Map(map)) => map,
            (Root::Body, _) => return None,
            (Root::Attributes, _) => &mut entry.attributes,
            (Root::Resource, _) => &mut entry.resource,
        };
        for key in way {
            let Value::Map(inner) = map.get_mut(key)? else { return None };
            map = inner;
        }
        map.remove(key)
    }
}

impl Root {
    fn name(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Attributes => "attributes",
            Self::Resource => "resource",
        }
    }

    fn map_mut(self, entry: &mut Entry) -> &mut Map {
        match self {
            Self::Body => entry.body.map_mut(),
            Self::Attributes => &mut entry.attributes,
            Self::Resource => &mut entry.resource,
        }
    }
}

impl Rootable {
    /// Reads a path; the error is Go's.
    pub fn parse(path: &str) -> Result<Self, String> {
        let mut keys = path::split(path).map_err(|error| format!("splitting field: {error}"))?;
        let root = match &*keys.remove(0) {
            "body" => Root::Body,
            "attributes" => Root::Attributes,
            "resource" => Root::Resource,
            _ => return Err("unrecognized prefix".into()),
        };
        Ok(Self(Field { root, keys }))
    }
}

/// The path as Go prints it.
impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.root.name())?;
        let dotted = self.keys.iter().any(|key| key.contains('.'));
        self.keys.iter().try_for_each(|key| if dotted { write!(f, "['{key}']") } else { write!(f, ".{key}") })
    }
}

impl Leaf for Field {
    const SHAPE: Shape = Shape::Text;

    fn leaf(node: &Node) -> Result<Self, String> {
        Self::parse(&String::leaf(node)?)
    }

    fn show(&self) -> Shown {
        Shown::text(self.to_string())
    }
}

impl Leaf for Rootable {
    const SHAPE: Shape = Shape::Text;

    fn leaf(node: &Node) -> Result<Self, String> {
        Self::parse(&String::leaf(node)?)
    }

    fn show(&self) -> Shown {
        self.0.show()
    }
}

#[cfg(test)]
mod tests;
