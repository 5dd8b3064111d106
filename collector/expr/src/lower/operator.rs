//! Operators: which types fit, and which step is the quickest.

use memchr::memmem::Finder;
use slimcol_expreval::{Arithmetic, Fault, List, Op, Order, Step, Value};
use slimcol_pattern::Size;

use super::{Lowering, fault};
use crate::{
    ast::{Binary, Kind, Logic, Node},
    types::Type,
};

const ORDERED: &[Type] = &[Type::Int, Type::Float, Type::Text, Type::Time, Type::Duration];
const TIMES: &[Type] = &[Type::Int, Type::Float, Type::Time, Type::Duration];
const SPANS: &[Type] = &[Type::Int, Type::Float, Type::Duration];
const NUMBERS: &[Type] = &[Type::Int, Type::Float];

fn mismatch(at: u32, sign: &str, left: Type, right: Type) -> Fault {
    Fault { message: format!("invalid operation: {sign} (mismatched types {left} and {right})"), at }
}

impl Lowering {
    pub(super) fn logic(&mut self, logic: Logic, operands: &[(u32, Node)]) -> Result<(Step, Type), Fault> {
        let mut ops: Vec<(u32, Op)> = Vec::with_capacity(operands.len());
        let mut left = Type::Unknown;
        for (index, (at, node)) in operands.iter().enumerate() {
            let (op, of) = self.node(node)?;
            if index == 0 {
                left = of;
            } else {
                if !(left.maybe(Type::Bool) && of.maybe(Type::Bool)) {
                    return Err(mismatch(*at, logic.sign(), left, of));
                }
                left = Type::Bool;
            }
            ops.push((*at, op));
        }
        let step = match logic {
            Logic::And => Step::And(ops),
            Logic::Or => Step::Or(ops),
        };
        Ok((step, Type::Bool))
    }

    pub(super) fn order(&mut self, first: &Node, rest: &[(Order, u32, Node)]) -> Result<(Step, Type), Fault> {
        let (first, mut left) = self.boxed(first)?;
        let mut ops = Vec::with_capacity(rest.len());
        for (order, at, node) in rest {
            let (op, right) = self.node(node)?;
            let fits = (left.is_number() && right.is_number())
                || (left == right && ORDERED.contains(&left))
                || left.fits(right, ORDERED);
            if !fits {
                return Err(mismatch(*at, order.sign(), left, right));
            }
            ops.push((*order, *at, op));
            left = right;
        }
        Ok((Step::Order(first, ops), Type::Bool))
    }

    pub(super) fn binary(
        &mut self,
        node: &Node,
        binary: Binary,
        left: &Node,
        right: &Node,
    ) -> Result<(Step, Type), Fault> {
        if binary == Binary::In && matches!(&right.kind, Kind::Name(name) if **name == *"$env") {
            let (left, _) = self.boxed(left)?;
            return Ok((Step::Known(left), Type::Bool));
        }
        let (left_op, l) = self.node(left)?;
        let (right_op, r) = self.node(right)?;
        let of = result(binary, l, r).ok_or_else(|| mismatch(node.at, binary.sign(), l, r))?;
        if binary == Binary::Matches
            && let Kind::Text(pattern) = &right.kind
        {
            let regex =
                slimcol_pattern::compile(pattern, Size::Config).map_err(|message| fault(node, message))?;
            return Ok((Step::Matches(Box::new(left_op), Box::new(regex)), of));
        }
        if binary == Binary::In {
            member_type(node, l, r, &right_op)?;
        }
        let constant = match &right_op.step {
            Step::Const(value) => Some(value),
            _ => None,
        };
        let step = match (binary, constant) {
            (Binary::Contains, Some(Value::Text(part))) => {
                let finder = Finder::new(part.as_bytes()).into_owned();
                Step::Contains(Box::new(left_op), Box::new(finder))
            }
            (Binary::In, Some(Value::List(list))) if texts(list).is_some() => {
                Step::OneOf(Box::new(left_op), texts(list).unwrap_or_default())
            }
            _ => {
                let sides = Box::new((left_op, right_op));
                match binary {
                    Binary::Equal => Step::Equal(sides),
                    Binary::NotEqual => Step::NotEqual(sides),
                    Binary::In => Step::In(sides),
                    Binary::Matches => Step::MatchesAny(sides),
                    Binary::Contains => Step::ContainsAny(sides),
                    Binary::StartsWith => Step::StartsWith(sides),
                    Binary::EndsWith => Step::EndsWith(sides),
                    Binary::Range => Step::Range(sides),
                    Binary::Coalesce => Step::Coalesce(sides),
                    Binary::Add => Step::Arithmetic(Arithmetic::Add, sides),
                    Binary::Subtract => Step::Arithmetic(Arithmetic::Subtract, sides),
                    Binary::Multiply => Step::Arithmetic(Arithmetic::Multiply, sides),
                    Binary::Divide => Step::Arithmetic(Arithmetic::Divide, sides),
                    Binary::Modulo => Step::Arithmetic(Arithmetic::Modulo, sides),
                    Binary::Power => Step::Arithmetic(Arithmetic::Power, sides),
                }
            }
        };
        Ok((step, of))
    }
}

/// The type of the result; nothing if the operands do not fit.
fn result(binary: Binary, l: Type, r: Type) -> Option<Type> {
    use Type::{Bool, Bytes, Duration, Float, Int, List, Map, Text, Time, Unknown};
    let numbers = l.is_number() && r.is_number();
    match binary {
        Binary::Equal | Binary::NotEqual => l.comparable(r).then_some(Bool),
        Binary::Add | Binary::Subtract | Binary::Multiply if numbers => Some(l.promoted(r)),
        Binary::Add => match (l, r) {
            (Text, Text) => Some(Text),
            (Time, Duration) | (Duration, Time) => Some(Time),
            (Duration, Duration) => Some(Duration),
            _ => l.fits(r, ORDERED).then_some(Unknown),
        },
        Binary::Subtract => match (l, r) {
            (Time | Duration, Duration) => Some(l),
            (Time, Time) => Some(Duration),
            _ => l.fits(r, TIMES).then_some(Unknown),
        },
        Binary::Multiply => match (l, r) {
            (Duration, Duration) => Some(Duration),
            _ if SPANS.contains(&l) && SPANS.contains(&r) => Some(Unknown),
            _ => l.fits(r, SPANS).then_some(Unknown),
        },
        Binary::Divide | Binary::Power => (numbers || l.fits(r, NUMBERS)).then_some(Float),
        Binary::Modulo => ((l == Int && r == Int) || l.fits(r, &[Int])).then_some(Int),
        Binary::Range => ((l == Int && r == Int) || l.fits(r, &[Int])).then_some(List),
        Binary::In => matches!(r, Unknown | Map | List | Bytes).then_some(Bool),
        Binary::Matches => ((matches!(l, Text | Bytes) && r == Text) || l.fits(r, &[Text])).then_some(Bool),
        Binary::Contains | Binary::StartsWith | Binary::EndsWith => {
            ((l == Text && r == Text) || l.fits(r, &[Text])).then_some(Bool)
        }
        Binary::Coalesce => Some(match (l, r) {
            (Type::Nil, of) | (of, Type::Nil) => of,
            _ if l == r => l,
            _ => Unknown,
        }),
    }
}

/// Whether what is looked for can be in a map or in a list written out.
fn member_type(node: &Node, l: Type, r: Type, right: &Op) -> Result<(), Fault> {
    if matches!(l, Type::Unknown | Type::Nil) {
        return Ok(());
    }
    if r == Type::Map && l != Type::Text {
        return Err(fault(node, format!("cannot use {l} as type string in map key")));
    }
    let Step::Const(Value::List(list)) = &right.step else { return Ok(()) };
    let mut kinds = list.iter().map(|item| match item {
        Value::Bool(_) => Type::Bool,
        Value::Int(_) => Type::Int,
        Value::Float(_) => Type::Float,
        Value::Text(_) => Type::Text,
        _ => Type::Unknown,
    });
    let Some(first) = kinds.next() else { return Ok(()) };
    if kinds.all(|kind| kind == first) && !l.comparable(first) {
        return Err(fault(node, format!("cannot use {l} as type {first} in array")));
    }
    Ok(())
}

/// The items of a list of texts, sorted.
fn texts(list: &List<'static>) -> Option<Vec<Box<str>>> {
    let mut texts: Vec<Box<str>> =
        list.iter().map(|item| item.as_str().map(Into::into)).collect::<Option<_>>()?;
    slimcol_order::sort(&mut texts);
    (!texts.is_empty()).then_some(texts)
}
