//! What is evaluated: names resolved, patterns compiled, constants computed.

use memchr::memmem::Finder;
use slimcol_pattern::Regex;

use crate::{meter::Meter, value::Value};

/// A step, and the character that its errors point at.
#[derive(Debug)]
pub struct Op {
    /// What is done.
    pub step: Step,
    /// The character, counted from the start of the expression.
    pub at: u32,
}

/// What is to be done.
#[derive(Debug)]
pub enum Step {
    /// A value that is always the same.
    Const(Value<'static>),
    /// What the environment has under a name.
    Name(Box<str>),
    /// A variable.
    Slot(usize),
    /// `#`: the item that a predicate is asked about.
    Item,
    /// `#index`: where that item is in its list.
    Index,
    /// `#acc`: what was reduced so far.
    Acc,
    /// `not`
    Not(Box<Op>),
    /// `-` before a number.
    Negate(Box<Op>),
    /// Conditions that are joined by `and`, each with the place of the operator before it.
    And(Vec<(u32, Op)>),
    /// The same with `or`.
    Or(Vec<(u32, Op)>),
    /// `a < b <= c`, with the place of each operator.
    Order(Box<Op>, Vec<(Order, u32, Op)>),
    /// `==`
    Equal(Box<(Op, Op)>),
    /// `!=`
    NotEqual(Box<(Op, Op)>),
    /// `in`
    In(Box<(Op, Op)>),
    /// `in` a list of texts, which are sorted.
    OneOf(Box<Op>, Vec<Box<str>>),
    /// `in $env`
    Known(Box<Op>),
    /// `$env[…]`
    Lookup(Box<Op>),
    /// `matches` with a pattern that was written out.
    Matches(Box<Op>, Box<Regex>),
    /// `matches` with a pattern that is computed.
    MatchesAny(Box<(Op, Op)>),
    /// `contains` with a text that was written out.
    Contains(Box<Op>, Box<Finder<'static>>),
    /// `contains` with a text that is computed.
    ContainsAny(Box<(Op, Op)>),
    /// `startsWith`
    StartsWith(Box<(Op, Op)>),
    /// `endsWith`
    EndsWith(Box<(Op, Op)>),
    /// `a..b`
    Range(Box<(Op, Op)>),
    /// Operators of numbers, and of what else can be added.
    Arithmetic(Arithmetic, Box<(Op, Op)>),
    /// `a ?? b`
    Coalesce(Box<(Op, Op)>),
    /// `a ? b : c`; without `b`, `a ?: c`.
    If(Box<(Op, Option<Op>, Op)>),
    /// `object.name`
    Field {
        /// What is looked into.
        object: Box<Op>,
        /// The name.
        name: Box<str>,
        /// Whether nil ends the chain around it, as with `?.`.
        optional: bool,
    },
    /// `object[key]`
    Member {
        /// What is looked into, and the key.
        parts: Box<(Op, Op)>,
        /// Whether nil ends the chain around it, as with `?.`.
        optional: bool,
    },
    /// How far `?.` reaches.
    Chain(Box<Op>),
    /// `a[b:c]`
    Slice(Box<(Op, Option<Op>, Option<Op>)>),
    /// A function of the language.
    Function(Run, Vec<Op>),
    /// A function of the environment.
    Call(Box<str>, Vec<Op>),
    /// `object.name(args)`
    Method {
        /// What is looked into.
        object: Box<Op>,
        /// The name.
        name: Box<str>,
        /// The arguments.
        args: Vec<Op>,
        /// Whether nil ends the chain around it, as with `?.`.
        optional: bool,
    },
    /// A function that works item by item.
    Each(Box<EachItem>),
    /// `let`: a variable, and the expression that has it.
    Let {
        /// Where the variable is kept.
        slot: usize,
        /// Its value, and that expression.
        parts: Box<(Op, Op)>,
    },
    /// `a; b`: the last one is the value.
    Sequence(Vec<Op>),
    /// `[a, b]`
    List(Vec<Op>),
    /// `{a: b}`
    Map(Vec<(Op, Op)>),
}

/// Operators of numbers, and of what else can be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Modulo,
    /// `**`
    Power,
}

/// A function that works item by item.
#[derive(Debug)]
pub struct EachItem {
    /// The function.
    pub each: Each,
    /// What it goes through.
    pub list: Op,
    /// Without one, the item itself.
    pub predicate: Option<Op>,
    /// What `reduce` begins with, how `sortBy` sorts.
    pub extra: Option<Op>,
}

/// Functions that evaluate their second argument for each item of the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Each {
    /// Whether it holds for all.
    All,
    /// Whether it holds for any.
    Any,
    /// Whether it holds for none.
    None,
    /// Whether it holds for exactly one.
    One,
    /// Those it holds for.
    Filter,
    /// The values of the predicate.
    Map,
    /// For how many it holds.
    Count,
    /// The sum of the values of the predicate.
    Sum,
    /// The first it holds for.
    Find,
    /// The position of the first it holds for.
    FindIndex,
    /// The last it holds for.
    FindLast,
    /// The position of the last it holds for.
    FindLastIndex,
    /// Items by what the predicate says of them.
    GroupBy,
    /// Items in the order of what the predicate says of them.
    SortBy,
    /// What the predicate makes of what it made so far and the next item.
    Reduce,
}

/// The work of a function, whose arguments are as many as its description in the language says.
pub type Run = for<'a> fn(&[Value<'a>], &mut Meter) -> Result<Value<'a>, String>;

/// Comparisons that can stand in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    More,
    /// `>=`
    MoreOrEqual,
}

impl Each {
    /// How many arguments it has at least.
    pub fn least_arguments(self) -> usize {
        if matches!(self, Self::Count | Self::Sum) { 1 } else { 2 }
    }

    /// How many arguments it has at most.
    pub fn most_arguments(self) -> usize {
        if matches!(self, Self::SortBy | Self::Reduce) { 3 } else { 2 }
    }

    /// Whether its predicate says yes or no.
    pub fn asks(self) -> bool {
        !matches!(self, Self::Map | Self::Sum | Self::GroupBy | Self::SortBy | Self::Reduce)
    }
}

impl Order {
    /// How it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::More => ">",
            Self::MoreOrEqual => ">=",
        }
    }

    /// The comparison that is written so.
    pub fn of(sign: &str) -> Option<Self> {
        [Self::Less, Self::LessOrEqual, Self::More, Self::MoreOrEqual]
            .into_iter()
            .find(|order| order.sign() == sign)
    }
}
