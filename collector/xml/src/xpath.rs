//! `XPath`: the part of version 1.0 that finds nodes by names, places and what is in them.

mod eval;
mod functions;
mod lexer;
mod parser;

use self::eval::{Evaluation, Value};
use crate::tree::{Document, Item};

/// Something that finds items in a document.
#[derive(Clone, Debug)]
pub struct Path(Expr);

/// An expression.
#[derive(Clone, Debug, PartialEq)]
enum Expr {
    Or(Box<(Self, Self)>),
    And(Box<(Self, Self)>),
    Compare(Compare, Box<(Self, Self)>),
    Reckon(Reckon, Box<(Self, Self)>),
    Negative(Box<Self>),
    Union(Box<(Self, Self)>),
    Text(String),
    Number(f64),
    Call(&'static functions::Function, Vec<Self>),
    Steps { absolute: bool, steps: Vec<Step> },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compare {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reckon {
    Plus,
    Minus,
    Times,
    Over,
    Mod,
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq)]
struct Step {
    axis: Axis,
    test: Test,
    predicates: Vec<Expr>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Axis {
    Child,
    Descendant,
    DescendantOrSelf,
    Own,
    Parent,
    Ancestor,
    AncestorOrSelf,
    FollowingSibling,
    PrecedingSibling,
    Attribute,
}

/// What a step takes of its axis.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    /// Elements or attributes of any name.
    Any,
    /// Those with the prefix.
    Prefix(String),
    /// Those of the name.
    Name(String, String),
    /// `node()`
    Node,
    /// `text()`
    Text,
    /// `comment()`
    Comment,
}

impl Path {
    /// Parses a path.
    pub fn parse(text: &str) -> Result<Self, String> {
        parser::parse(text).map(Self)
    }

    /// The items that it finds, in the order of the document. What takes too long is given up with an error.
    pub fn select(&self, document: &Document<'_>) -> Result<Vec<Item>, String> {
        match Evaluation::of(document).value(&self.0, Item::ROOT, (1, 1))? {
            Value::Items(items) => Ok(slimcol_order::set(items).into_iter().collect()),
            Value::Text(_) | Value::Number(_) | Value::Bool(_) => {
                Err("xpath: expression does not select nodes".into())
            }
        }
    }
}
