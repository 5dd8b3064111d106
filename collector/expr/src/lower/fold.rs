//! What depends on no data is computed once.

use slimcol_expreval::{Arithmetic, Environment, Fault, Held, List, Op, Step, Value, evaluate};

/// Texts longer than this are made when they are needed.
const LONGEST: usize = 4096;

/// Nothing is known in it.
#[derive(Debug)]
struct Nowhere;

impl Environment for Nowhere {
    fn get(&self, _: &str) -> Option<Value<'_>> {
        None
    }
}

/// The step, or its value if that is always the same. What fails is left to fail when it is evaluated.
pub(super) fn fold(op: Op) -> Result<Op, Fault> {
    if let Step::List(items) = &op.step
        && items.iter().all(is_constant)
        && let Ok(list) = List::new(items.iter().filter_map(constant).collect())
    {
        return Ok(Op { step: Step::Const(Value::List(list)), at: op.at });
    }
    let pure = match &op.step {
        Step::Not(of) | Step::Negate(of) | Step::Contains(of, _) | Step::OneOf(of, _) => is_constant(of),
        Step::And(operands) | Step::Or(operands) => operands.iter().all(|(_, operand)| is_constant(operand)),
        Step::Order(first, rest) => {
            is_constant(first) && rest.iter().all(|(_, _, operand)| is_constant(operand))
        }
        Step::Arithmetic(arithmetic, sides) => {
            let both = is_constant(&sides.0) && is_constant(&sides.1);
            if both && *arithmetic == Arithmetic::Modulo && is_zero(&sides.1) {
                return Err(Fault { message: "integer divide by zero".into(), at: op.at });
            }
            both
        }
        Step::Equal(sides) | Step::NotEqual(sides) | Step::StartsWith(sides) | Step::EndsWith(sides) => {
            is_constant(&sides.0) && is_constant(&sides.1)
        }
        _ => false,
    };
    if !pure {
        return Ok(op);
    }
    let value = match evaluate(&op, 0, &Nowhere) {
        Ok(value) => owned(value),
        Err(_) => None,
    };
    Ok(match value {
        Some(value) => Op { step: Step::Const(value), at: op.at },
        None => op,
    })
}

fn is_constant(op: &Op) -> bool {
    matches!(op.step, Step::Const(_))
}

fn is_zero(op: &Op) -> bool {
    matches!(op.step, Step::Const(Value::Int(0)))
}

fn constant(op: &Op) -> Option<Value<'static>> {
    match &op.step {
        Step::Const(value) => Some(value.clone()),
        _ => None,
    }
}

fn owned(value: Value<'_>) -> Option<Value<'static>> {
    match value {
        Value::Bool(value) => Some(Value::Bool(value)),
        Value::Int(value) => Some(Value::Int(value)),
        Value::Float(value) => Some(Value::Float(value)),
        Value::Text(text) if text.len() <= LONGEST => Some(Value::Text(Held::Shared((*text).into()))),
        _ => None,
    }
}
