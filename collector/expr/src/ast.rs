//! The expression as it was written, and its text.

use slimcol_expreval::Order;

#[cfg(test)]
mod print;

/// Nesting beyond which an expression is refused: whoever walks the tree does so by recursion.
pub(crate) const DEPTH: u16 = 120;

/// A part of an expression.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    /// The character that errors about it point at.
    pub(crate) at: u32,
    /// How deep the tree below it is.
    pub(crate) depth: u16,
}

/// What a part of an expression is.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Nil,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Box<str>),
    Bytes(Box<[u8]>),
    Name(Box<str>),
    Pointer(Box<str>),
    Unary(Unary, Box<Node>),
    /// Operands with the place of the operator before each; left to right, so that long chains stay flat.
    Logic(Logic, Vec<(u32, Node)>),
    /// `a < b <= c`, which is `a < b and b <= c`.
    Order(Box<Node>, Vec<(Order, u32, Node)>),
    Binary(Binary, Box<(Node, Node)>),
    /// `a ? b : c`; without `b`, `a ?: c`.
    If(Box<(Node, Option<Node>, Node)>),
    Member {
        parts: Box<(Node, Node)>,
        optional: bool,
    },
    /// How far `?.` reaches.
    Chain(Box<Node>),
    Slice(Box<(Node, Option<Node>, Option<Node>)>),
    Call {
        name: Box<str>,
        args: Vec<Node>,
        /// Whether it was written `::name()`.
        global: bool,
    },
    Method {
        object: Box<Node>,
        name: Box<str>,
        args: Vec<Node>,
        optional: bool,
    },
    /// The part of a call that is evaluated for each item.
    Predicate(Box<Node>),
    Let {
        name: Box<str>,
        parts: Box<(Node, Node)>,
    },
    Sequence(Vec<Node>),
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
}

/// What stands before one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unary {
    Not,
    Minus,
    Plus,
}

/// What joins conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Logic {
    And,
    Or,
}

/// The other operators between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Binary {
    Equal,
    NotEqual,
    In,
    Matches,
    Contains,
    StartsWith,
    EndsWith,
    Range,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
    Coalesce,
}

impl Unary {
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Self::Not => "not",
            Self::Minus => "-",
            Self::Plus => "+",
        }
    }
}

impl Logic {
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Self::And => "and",
            Self::Or => "or",
        }
    }
}

impl Binary {
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::In => "in",
            Self::Matches => "matches",
            Self::Contains => "contains",
            Self::StartsWith => "startsWith",
            Self::EndsWith => "endsWith",
            Self::Range => "..",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Modulo => "%",
            Self::Power => "**",
            Self::Coalesce => "??",
        }
    }

    pub(crate) fn of(sign: &str) -> Option<Self> {
        Some(match sign {
            "==" => Self::Equal,
            "!=" => Self::NotEqual,
            "in" => Self::In,
            "matches" => Self::Matches,
            "contains" => Self::Contains,
            "startsWith" => Self::StartsWith,
            "endsWith" => Self::EndsWith,
            ".." => Self::Range,
            "+" => Self::Add,
            "-" => Self::Subtract,
            "*" => Self::Multiply,
            "/" => Self::Divide,
            "%" => Self::Modulo,
            "**" | "^" => Self::Power,
            "??" => Self::Coalesce,
            _ => return None,
        })
    }
}
