//! What is evaluated: names resolved, patterns compiled, constants computed.

use memchr::memmem::Finder;
use slimcol_pattern::Regex;

use crate::{
    ast::Order,
    function::{Each, Function},
    value::Value,
};

/// A step, and the character that its errors point at.
#[derive(Debug)]
pub(crate) struct Op {
    pub(crate) step: Step,
    pub(crate) at: u32,
}

/// What is to be done.
#[derive(Debug)]
pub(crate) enum Step {
    Const(Value<'static>),
    Name(Box<str>),
    Slot(usize),
    Item,
    Index,
    Acc,
    Not(Box<Op>),
    Negate(Box<Op>),
    /// Conditions with the place of the operator before each.
    And(Vec<(u32, Op)>),
    Or(Vec<(u32, Op)>),
    Order(Box<Op>, Vec<(Order, u32, Op)>),
    Equal(Box<(Op, Op)>),
    NotEqual(Box<(Op, Op)>),
    In(Box<(Op, Op)>),
    /// `in` a list of texts, which are sorted.
    OneOf(Box<Op>, Vec<Box<str>>),
    /// `in $env`
    Known(Box<Op>),
    /// `$env[…]`
    Lookup(Box<Op>),
    Matches(Box<Op>, Box<Regex>),
    MatchesAny(Box<(Op, Op)>),
    Contains(Box<Op>, Box<Finder<'static>>),
    ContainsAny(Box<(Op, Op)>),
    StartsWith(Box<(Op, Op)>),
    EndsWith(Box<(Op, Op)>),
    Range(Box<(Op, Op)>),
    Arithmetic(Arithmetic, Box<(Op, Op)>),
    Coalesce(Box<(Op, Op)>),
    If(Box<(Op, Option<Op>, Op)>),
    Field {
        object: Box<Op>,
        name: Box<str>,
        optional: bool,
    },
    Member {
        parts: Box<(Op, Op)>,
        optional: bool,
    },
    Chain(Box<Op>),
    Slice(Box<(Op, Option<Op>, Option<Op>)>),
    Function(&'static Function, Vec<Op>),
    Call(Box<str>, Vec<Op>),
    Method {
        object: Box<Op>,
        name: Box<str>,
        args: Vec<Op>,
        optional: bool,
    },
    Each(Box<EachItem>),
    Let {
        slot: usize,
        parts: Box<(Op, Op)>,
    },
    Sequence(Vec<Op>),
    List(Vec<Op>),
    Map(Vec<(Op, Op)>),
}

/// Operators of numbers, and of what else can be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
}

/// A function that works item by item.
#[derive(Debug)]
pub(crate) struct EachItem {
    pub(crate) each: Each,
    pub(crate) list: Op,
    /// Without one, the item itself.
    pub(crate) predicate: Option<Op>,
    /// What `reduce` begins with, how `sortBy` sorts.
    pub(crate) extra: Option<Op>,
}
