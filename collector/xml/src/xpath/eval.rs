//! What expressions are in a document.

use std::{cell::Cell, collections::BTreeSet};

use super::{Axis, Compare, Expr, Reckon, Step, Test};
use crate::tree::{Document, Item, Kind};

/// So many nodes are looked at: paths in predicates would otherwise take the square of a document and more.
const MOST: usize = 2_000_000;

/// What an expression is.
#[derive(Debug)]
pub(super) enum Value {
    Items(Vec<Item>),
    Text(String),
    Number(f64),
    Bool(bool),
}

/// A document that is searched.
pub(super) struct Evaluation<'d> {
    pub(super) document: &'d Document<'d>,
    looked: Cell<usize>,
}

#[expect(clippy::cast_precision_loss, reason = "places in lists")]
pub(super) fn float(count: usize) -> f64 {
    count as f64
}

pub(super) fn number(text: &str) -> f64 {
    text.trim().parse().unwrap_or(f64::NAN)
}

impl<'d> Evaluation<'d> {
    pub(super) fn of(document: &'d Document<'_>) -> Self {
        Self { document, looked: Cell::new(0) }
    }

    /// Counts what is looked at.
    fn look(&self, count: usize) -> Result<(), String> {
        self.looked.set(self.looked.get() + count);
        if self.looked.get() > MOST {
            Err(format!("xpath: looked at more than {MOST} nodes"))
        } else {
            Ok(())
        }
    }

    /// The value for an item that is the first of so many, or another.
    pub(super) fn value(&self, expr: &Expr, at: Item, place: (usize, usize)) -> Result<Value, String> {
        let value = |expr| self.value(expr, at, place);
        Ok(match expr {
            Expr::Or(both) => Value::Bool(Self::truth(&value(&both.0)?) || Self::truth(&value(&both.1)?)),
            Expr::And(both) => Value::Bool(Self::truth(&value(&both.0)?) && Self::truth(&value(&both.1)?)),
            Expr::Compare(how, both) => {
                Value::Bool(self.compare(*how, &value(&both.0)?, &value(&both.1)?)?)
            }
            Expr::Reckon(how, both) => {
                let (left, right) = (self.number(&value(&both.0)?), self.number(&value(&both.1)?));
                Value::Number(match how {
                    Reckon::Plus => left + right,
                    Reckon::Minus => left - right,
                    Reckon::Times => left * right,
                    Reckon::Over => left / right,
                    Reckon::Mod => left % right,
                })
            }
            Expr::Negative(inner) => Value::Number(-self.number(&value(inner)?)),
            Expr::Union(both) => match (value(&both.0)?, value(&both.1)?) {
                (Value::Items(mut left), Value::Items(right)) => {
                    left.extend(right);
                    Value::Items(left)
                }
                _ => return Err("xpath: only nodes can be united".into()),
            },
            Expr::Text(text) => Value::Text(text.clone()),
            Expr::Number(number) => Value::Number(*number),
            Expr::Call(function, arguments) => {
                let arguments = arguments.iter().map(value).collect::<Result<Vec<_>, _>>()?;
                (function.run)(self, at, place, &arguments)
            }
            Expr::Steps { absolute, steps } => {
                Value::Items(self.walk(if *absolute { Item::ROOT } else { at }, steps)?)
            }
        })
    }

    fn walk(&self, from: Item, steps: &[Step]) -> Result<Vec<Item>, String> {
        let mut items = vec![from];
        for step in steps {
            let mut next = BTreeSet::new();
            for item in items {
                next.extend(self.step(item, step)?);
            }
            items = next.into_iter().collect();
        }
        Ok(items)
    }

    fn step(&self, from: Item, step: &Step) -> Result<Vec<Item>, String> {
        let mut found = Vec::new();
        self.axis(from, step.axis, &mut found)?;
        found.retain(|item| self.fits(*item, step));
        for predicate in &step.predicates {
            let count = found.len();
            let mut kept = Vec::new();
            for (at, item) in found.into_iter().enumerate() {
                self.look(1)?;
                let value = self.value(predicate, item, (at + 1, count))?;
                let holds = match &value {
                    Value::Number(number) => (number - float(at + 1)).abs() < f64::EPSILON,
                    other => Self::truth(other),
                };
                if holds {
                    kept.push(item);
                }
            }
            found = kept;
        }
        Ok(found)
    }

    fn axis(&self, from: Item, axis: Axis, to: &mut Vec<Item>) -> Result<(), String> {
        let before = to.len();
        let nodes = &self.document.nodes;
        let parent = |item: Item| match (item.is_attribute(), item.node) {
            (true, node) => Some(Item::node(node)),
            (false, 0) => None,
            (false, node) => Some(Item::node(nodes[node].parent)),
        };
        match axis {
            Axis::Own => to.push(from),
            Axis::Parent => to.extend(parent(from)),
            Axis::Ancestor => to.extend(std::iter::successors(parent(from), |item| parent(*item))),
            Axis::AncestorOrSelf => to.extend(std::iter::successors(Some(from), |item| parent(*item))),
            _ if from.is_attribute() => {
                if axis == Axis::DescendantOrSelf {
                    to.push(from);
                }
            }
            Axis::Child => to.extend(self.document.children(from)),
            Axis::Descendant => self.below(from, to)?,
            Axis::DescendantOrSelf => {
                to.push(from);
                self.below(from, to)?;
            }
            Axis::Attribute => {
                let attributes = nodes[from.node].attributes.iter().enumerate();
                let here = attributes.filter(|(_, attribute)| !attribute.gone);
                to.extend(here.map(|(at, _)| Item { node: from.node, attribute: at + 1 }));
            }
            Axis::FollowingSibling | Axis::PrecedingSibling => {
                let Some(parent) = parent(from) else { return Ok(()) };
                let following = axis == Axis::FollowingSibling;
                let wanted = |item: &Item| if following { *item > from } else { *item < from };
                to.extend(self.document.children(parent).filter(wanted));
                if !following {
                    to[before..].reverse();
                }
            }
        }
        self.look(to.len() - before + 1)
    }

    fn below(&self, from: Item, to: &mut Vec<Item>) -> Result<(), String> {
        let mut waiting: Vec<Item> = self.document.children(from).rev().collect();
        while let Some(item) = waiting.pop() {
            self.look(1)?;
            to.push(item);
            waiting.extend(self.document.children(item).rev());
        }
        Ok(())
    }

    fn fits(&self, item: Item, step: &Step) -> bool {
        let kind = self.document.kind(item);
        let named = item.is_attribute() || kind == Kind::Element && step.axis != Axis::Attribute;
        match &step.test {
            Test::Node => true,
            Test::Text => !item.is_attribute() && matches!(kind, Kind::Text | Kind::Data),
            Test::Comment => !item.is_attribute() && kind == Kind::Comment,
            Test::Any => named,
            Test::Prefix(prefix) => named && self.document.name(item).prefix == **prefix,
            Test::Name(prefix, local) => {
                let name = self.document.name(item);
                named && name.local == **local && name.prefix == **prefix
            }
        }
    }

    pub(super) fn text(&self, value: &Value) -> String {
        match value {
            Value::Items(items) => {
                items.first().map(|item| self.document.inner_text(*item).into_owned()).unwrap_or_default()
            }
            Value::Text(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(truth) => truth.to_string(),
        }
    }

    pub(super) fn number(&self, value: &Value) -> f64 {
        match value {
            Value::Number(value) => *value,
            Value::Bool(truth) => f64::from(u8::from(*truth)),
            other => number(&self.text(other)),
        }
    }

    pub(super) fn truth(value: &Value) -> bool {
        match value {
            Value::Items(items) => !items.is_empty(),
            Value::Text(text) => !text.is_empty(),
            Value::Number(number) => *number != 0.0 && !number.is_nan(),
            Value::Bool(truth) => *truth,
        }
    }

    /// Of nodes it is enough that it holds for one.
    fn compare(&self, how: Compare, left: &Value, right: &Value) -> Result<bool, String> {
        let single = |item: &Item| Value::Text(self.document.inner_text(*item).into_owned());
        Ok(match (left, right) {
            (Value::Items(_), Value::Bool(_)) => self.plain(how, &Value::Bool(Self::truth(left)), right),
            (Value::Bool(_), Value::Items(_)) => self.plain(how, left, &Value::Bool(Self::truth(right))),
            (Value::Items(items), other) => {
                for item in items {
                    self.look(1)?;
                    if self.compare(how, &single(item), other)? {
                        return Ok(true);
                    }
                }
                false
            }
            (_, Value::Items(items)) => {
                self.look(items.len())?;
                items.iter().any(|item| self.plain(how, left, &single(item)))
            }
            _ => self.plain(how, left, right),
        })
    }

    fn plain(&self, how: Compare, left: &Value, right: &Value) -> bool {
        let numbers = || (self.number(left), self.number(right));
        let equal = || match (left, right) {
            (Value::Bool(_), _) | (_, Value::Bool(_)) => Self::truth(left) == Self::truth(right),
            (Value::Number(_), _) | (_, Value::Number(_)) => {
                let (left, right) = numbers();
                left.partial_cmp(&right).is_some_and(std::cmp::Ordering::is_eq)
            }
            _ => self.text(left) == self.text(right),
        };
        match how {
            Compare::Eq => equal(),
            Compare::Ne => !equal(),
            Compare::Lt => numbers().0 < numbers().1,
            Compare::Le => numbers().0 <= numbers().1,
            Compare::Gt => numbers().0 > numbers().1,
            Compare::Ge => numbers().0 >= numbers().1,
        }
    }
}
