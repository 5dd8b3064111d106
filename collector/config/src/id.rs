//! Names of components and pipelines: `type[/name]`.

use std::{fmt, str::FromStr};

use crate::{Leaf, Node, Place, Shape, Shown};

/// A component's id: its type and, if there are several of it, a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ComponentId {
    /// The type (`otlp_grpc`).
    pub kind: String,
    /// The name behind the slash, empty if there is none.
    pub name: String,
}

/// The signal that a pipeline carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PipelineSignal {
    /// `traces`.
    Traces,
    /// `metrics`.
    Metrics,
    /// `logs`.
    Logs,
    /// `profiles`, which needs a feature gate.
    Profiles,
}

impl PipelineSignal {
    /// The word in pipeline ids.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Traces => "traces",
            Self::Metrics => "metrics",
            Self::Logs => "logs",
            Self::Profiles => "profiles",
        }
    }
}

/// A pipeline's id: its signal and, if there are several of it, a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PipelineId {
    /// The signal.
    pub signal: PipelineSignal,
    /// The name behind the slash, empty if there is none.
    pub name: String,
}

/// The error is Go's message.
impl FromStr for ComponentId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, name) = split(text)?;
        let valid = kind.len() <= 63
            && kind.starts_with(|c: char| c.is_ascii_alphabetic())
            && kind.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if !valid {
            return Err(format!("in {text:?} id: invalid character(s) in type {kind:?}"));
        }
        Ok(Self { kind: kind.into(), name: name.into() })
    }
}

/// The error is Go's message.
impl FromStr for PipelineId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (signal, name) = split(text)?;
        let signal = match signal {
            "traces" => PipelineSignal::Traces,
            "metrics" => PipelineSignal::Metrics,
            "logs" => PipelineSignal::Logs,
            "profiles" => PipelineSignal::Profiles,
            _ => return Err(format!("in {text:?} id: unknown pipeline signal: {signal:?}")),
        };
        Ok(Self { signal, name: name.into() })
    }
}

impl fmt::Display for ComponentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_id(f, &self.kind, &self.name)
    }
}

impl fmt::Display for PipelineId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_id(f, self.signal.as_str(), &self.name)
    }
}

/// An id with the place it was written at.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The component meant.
    pub id: ComponentId,
    /// Where it is named.
    pub place: Place,
}

impl Leaf for Reference {
    const SHAPE: Shape = Shape::Id;
    fn show(&self) -> Shown {
        self.id.show()
    }
    fn leaf(node: &Node) -> Result<Self, String> {
        let id = node.leaf_id()?;
        Ok(Self { id, place: node.place().clone() })
    }
}

impl Leaf for ComponentId {
    const SHAPE: Shape = Shape::Id;
    fn show(&self) -> Shown {
        Shown::Text(self.to_string())
    }
    fn leaf(node: &Node) -> Result<Self, String> {
        node.leaf_id()
    }
}

impl Node {
    fn leaf_id(&self) -> Result<ComponentId, String> {
        match self.as_str() {
            Some(text) => text.parse(),
            None if self.is_null() => Err("id must not be empty".into()),
            None => Err(format!("expected a map or struct, got {:?}", self.go_kind())),
        }
    }
}

fn write_id(f: &mut fmt::Formatter<'_>, first: &str, name: &str) -> fmt::Result {
    f.write_str(first)?;
    if name.is_empty() { Ok(()) } else { write!(f, "/{name}") }
}

/// Both parts of an id, the second checked.
fn split(text: &str) -> Result<(&str, &str), String> {
    let (first, name) = match text.split_once('/') {
        Some((first, name)) => (first.trim(), Some(name.trim())),
        None => (text.trim(), None),
    };
    match (first, name) {
        ("", Some(_)) => Err(format!("in {text:?} id: the part before / should not be empty")),
        ("", None) => Err("id must not be empty".into()),
        (_, Some("")) => Err(format!("in {text:?} id: the part after / should not be empty")),
        (_, Some(name)) if name.len() > 1024 => {
            let length = name.len();
            Err(format!("in {name:?} id: name {name:?} is longer than 1024 characters ({length} characters)"))
        }
        (_, Some(name)) if !name.chars().all(allowed_in_name) => {
            Err(format!("in {name:?} id: invalid character(s) in name {name:?}"))
        }
        (first, name) => Ok((first, name.unwrap_or_default())),
    }
}

/// Go's `[^\pZ\pC\pS]`: no separators, control characters and symbols. Beyond ASCII, blocks stand for the categories: a
/// table of all would weigh more than all the rest of this file.
fn allowed_in_name(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_graphic() && !"$+<=>^`|~".contains(c);
    }
    let symbol = matches!(c,
        '¢'..='¦' | '¨' | '©' | '¬'..='±' | '´' | '¸' | '×' | '÷'
        | '\u{2C2}'..='\u{2DF}' | '\u{3F6}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2044}' | '\u{2060}'..='\u{206F}'
        | '\u{207A}'..='\u{207C}' | '\u{208A}'..='\u{208C}' | '\u{20A0}'..='\u{20CF}'
        | '\u{2100}'..='\u{2BFF}' | '\u{2E80}'..='\u{2FFF}' | '\u{3004}' | '\u{3012}' | '\u{3013}'
        | '\u{E000}'..='\u{F8FF}' | '\u{FEFF}' | '\u{FFE0}'..='\u{FFFF}'
        | '\u{1D000}'..='\u{1D3FF}' | '\u{1F000}'..='\u{1FBEF}' | '\u{E0000}'..);
    c.is_alphanumeric() || !(symbol || c.is_control() || c.is_whitespace())
}

#[cfg(test)]
mod tests;
