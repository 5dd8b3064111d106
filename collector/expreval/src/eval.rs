//! A plan and data to a value.

mod access;
mod arithmetic;
mod each;

use slimcol_pattern::Size;

pub(crate) use self::access::variable;
use crate::{
    Environment, Fault,
    meter::Meter,
    plan::{Op, Order, Step},
    value::{Held, List, Map, Ordering, Value, equal, not_a, order, text_of},
};

/// The value of a plan that has so many variables.
pub fn evaluate<'a>(
    op: &'a Op,
    slots: usize,
    env: &'a dyn Environment,
) -> std::result::Result<Value<'a>, Box<Fault>> {
    match Machine::new(env, slots).eval(op) {
        Ok(value) => Ok(value),
        Err(Stop::Fault(fault)) => Err(fault),
        // Every `?.` stands in a chain.
        Err(Stop::Chain) => Ok(Value::Nil),
    }
}

/// Why there is no value.
enum Stop {
    Fault(Box<Fault>),
    /// A `?.` met nothing; the chain around it is nil.
    Chain,
}

type Result<T> = std::result::Result<T, Stop>;

/// One evaluation.
struct Machine<'a> {
    env: &'a dyn Environment,
    slots: Vec<Value<'a>>,
    scopes: Vec<Scope<'a>>,
    meter: Meter,
}

/// An item that a predicate is asked about.
struct Scope<'a> {
    item: Value<'a>,
    index: usize,
    acc: Value<'a>,
}

/// What went wrong at `op`.
fn stop(op: &Op, message: impl Into<String>) -> Stop {
    fault(message.into(), op.at)
}

/// Gives messages their place.
trait At<T> {
    fn at(self, place: u32) -> Result<T>;
}

impl<T> At<T> for std::result::Result<T, String> {
    fn at(self, place: u32) -> Result<T> {
        self.map_err(|message| fault(message, place))
    }
}

/// Apart from the many places where something can go wrong and seldom does.
#[cold]
fn fault(message: String, at: u32) -> Stop {
    Stop::Fault(Box::new(Fault { message, at }))
}

/// A condition's value.
fn truth(value: &Value<'_>) -> std::result::Result<bool, String> {
    match value {
        Value::Bool(value) => Ok(*value),
        other => Err(not_a("bool", other)),
    }
}

impl<'a> Machine<'a> {
    fn new(env: &'a dyn Environment, slots: usize) -> Self {
        let slots = if slots == 0 { Vec::new() } else { vec![Value::Nil; slots] };
        Self { env, slots, scopes: Vec::new(), meter: Meter::new() }
    }

    fn eval(&mut self, op: &'a Op) -> Result<Value<'a>> {
        self.meter.step().at(op.at)?;
        Ok(match &op.step {
            Step::Const(Value::Text(text)) => Value::Text(Held::Borrowed(text)),
            Step::Const(value) => value.clone(),
            Step::Name(name) => self.env.get(name).unwrap_or(Value::Nil),
            Step::Slot(slot) => self.slots.get(*slot).cloned().unwrap_or(Value::Nil),
            Step::Item => self.scopes.last().map_or(Value::Nil, |scope| scope.item.clone()),
            Step::Index => {
                let index = self.scopes.last().map_or(0, |scope| scope.index);
                Value::Int(i64::try_from(index).unwrap_or(i64::MAX))
            }
            Step::Acc => self.scopes.last().map_or(Value::Nil, |scope| scope.acc.clone()),
            Step::Not(of) => Value::Bool(!self.truth(of, op.at)?),
            Step::Negate(of) => arithmetic::negate(self.eval(of)?).at(op.at)?,
            Step::And(operands) => self.logic(operands, false)?,
            Step::Or(operands) => self.logic(operands, true)?,
            Step::Order(first, rest) => self.order(first, rest)?,
            Step::Equal(sides) => Value::Bool(self.equal(op, sides)?),
            Step::NotEqual(sides) => Value::Bool(!self.equal(op, sides)?),
            Step::Matches(of, regex) => {
                let value = self.eval(of)?;
                let matched = match &value {
                    Value::Nil => false,
                    Value::Text(text) => {
                        self.meter.read(text.len()).at(op.at)?;
                        regex.is_match(text.as_bytes())
                    }
                    Value::Bytes(bytes) => regex.is_match(bytes),
                    other => return Err(stop(op, not_a("[]uint8", other))),
                };
                Value::Bool(matched)
            }
            Step::Contains(of, finder) => {
                let value = self.eval(of)?;
                let found = match &value {
                    Value::Nil => false,
                    value => {
                        let text = text_of(value).at(op.at)?;
                        self.meter.read(text.len()).at(op.at)?;
                        finder.find(text.as_bytes()).is_some()
                    }
                };
                Value::Bool(found)
            }
            Step::ContainsAny(sides) => self.texts(op, sides, |text, part| {
                memchr::memmem::find(text.as_bytes(), part.as_bytes()).is_some()
            })?,
            Step::StartsWith(sides) => self.texts(op, sides, |text, part| text.starts_with(part))?,
            Step::EndsWith(sides) => self.texts(op, sides, |text, part| text.ends_with(part))?,
            Step::OneOf(of, texts) => {
                let value = self.eval(of)?;
                let text = match &value {
                    Value::Nil => "",
                    Value::Text(text) => text,
                    other => return Err(stop(op, access::no_key(other))),
                };
                Value::Bool(texts.binary_search_by(|known| (**known).cmp(text)).is_ok())
            }
            Step::Arithmetic(how, sides) => {
                let (one, other) = (self.eval(&sides.0)?, self.eval(&sides.1)?);
                arithmetic::compute(*how, &one, &other, &mut self.meter).at(op.at)?
            }
            Step::Coalesce(sides) => match self.eval(&sides.0)? {
                Value::Nil => self.eval(&sides.1)?,
                value => value,
            },
            Step::If(parts) => match (self.truth(&parts.0, parts.0.at)?, &parts.1) {
                (true, Some(then)) => self.eval(then)?,
                (true, None) => Value::Bool(true),
                (false, _) => self.eval(&parts.2)?,
            },
            Step::Field { object, name, optional } => {
                let object = self.eval(object)?;
                if *optional && object.is_nil() {
                    return Err(Stop::Chain);
                }
                access::field(&object, name).at(op.at)?
            }
            Step::Chain(inner) => match self.eval(inner) {
                Err(Stop::Chain) => Value::Nil,
                other => other?,
            },
            _ => return self.rare(op),
        })
    }

    /// Steps that need more room on the stack, apart from those that nest most.
    #[inline(never)]
    fn rare(&mut self, op: &'a Op) -> Result<Value<'a>> {
        Ok(match &op.step {
            Step::In(sides) => {
                let (needle, hay) = (self.eval(&sides.0)?, self.eval(&sides.1)?);
                Value::Bool(access::contains(&needle, &hay, &mut self.meter).at(op.at)?)
            }
            Step::Known(of) => {
                let name = self.eval(of)?;
                Value::Bool(name.as_str().is_some_and(|name| self.env.get(name).is_some()))
            }
            Step::Lookup(of) => {
                let name = self.eval(of)?;
                self.env.get(text_of(&name).at(op.at)?).unwrap_or(Value::Nil)
            }
            Step::MatchesAny(sides) => {
                let (value, pattern) = (self.eval(&sides.0)?, self.eval(&sides.1)?);
                if value.is_nil() || pattern.is_nil() {
                    return Ok(Value::Bool(false));
                }
                let pattern = text_of(&pattern).at(op.at)?;
                // Compiling costs some thousand times as much as a step.
                self.meter.steps(2000 + pattern.len() * 10).at(op.at)?;
                let regex = slimcol_pattern::compile(pattern, Size::Data).at(op.at)?;
                let bytes = match &value {
                    Value::Text(text) => text.as_bytes(),
                    Value::Bytes(bytes) => bytes,
                    other => return Err(stop(op, not_a("[]uint8", other))),
                };
                self.meter.read(bytes.len()).at(op.at)?;
                Value::Bool(regex.is_match(bytes))
            }
            Step::Range(sides) => {
                let (first, last) = (self.eval(&sides.0)?, self.eval(&sides.1)?);
                Value::List(access::range(&first, &last, &mut self.meter).at(op.at)?)
            }
            Step::Member { parts, optional } => {
                let object = self.eval(&parts.0)?;
                if *optional && object.is_nil() {
                    return Err(Stop::Chain);
                }
                let key = self.eval(&parts.1)?;
                access::member(&object, &key).at(op.at)?
            }
            Step::Slice(parts) => {
                let of = self.eval(&parts.0)?;
                let to = parts.2.as_ref().map(|to| self.eval(to)).transpose()?;
                let from = parts.1.as_ref().map(|from| self.eval(from)).transpose()?;
                access::slice(&of, from.as_ref(), to.as_ref(), &mut self.meter).at(op.at)?
            }
            Step::Function(run, args) => {
                let args = self.all(args)?;
                run(&args, &mut self.meter).at(op.at)?
            }
            Step::Call(name, args) => {
                let args = self.all(args)?;
                match self.env.call(name, &args) {
                    Some(result) => result.at(op.at)?,
                    None => return Err(stop(op, "invalid operation: cannot call nil")),
                }
            }
            Step::Method { object, name, args, optional } => {
                let object = self.eval(object)?;
                if *optional && object.is_nil() {
                    return Err(Stop::Chain);
                }
                let args = self.all(args)?;
                access::method(&object, name, &args).at(op.at)?
            }
            Step::Each(each) => self.each(op, each)?,
            Step::Let { slot, parts } => {
                let value = self.eval(&parts.0)?;
                if let Some(place) = self.slots.get_mut(*slot) {
                    *place = value;
                }
                self.eval(&parts.1)?
            }
            Step::Sequence(ops) => {
                let mut last = Value::Nil;
                for op in ops {
                    last = self.eval(op)?;
                }
                last
            }
            Step::List(items) => {
                self.meter.items(items.len()).at(op.at)?;
                let items = self.all(items)?;
                Value::List(List::new(items).at(op.at)?)
            }
            Step::Map(pairs) => {
                self.meter.items(pairs.len()).at(op.at)?;
                let mut entries = Vec::with_capacity(pairs.len());
                for (key, value) in pairs {
                    match self.eval(key)? {
                        Value::Text(key) => entries.push((key, self.eval(value)?)),
                        other => return Err(stop(op, not_a("string", &other))),
                    }
                }
                Value::Map(Map::new(entries).at(op.at)?)
            }
            _ => unreachable!("every other step is among those that nest most"),
        })
    }

    fn all(&mut self, ops: &'a [Op]) -> Result<Vec<Value<'a>>> {
        ops.iter().map(|op| self.eval(op)).collect()
    }

    fn truth(&mut self, op: &'a Op, place: u32) -> Result<bool> {
        truth(&self.eval(op)?).at(place)
    }

    /// The last operand is not asked what it is: as in Go, it is the result.
    fn logic(&mut self, operands: &'a [(u32, Op)], ends: bool) -> Result<Value<'a>> {
        let Some(((_, last), before)) = operands.split_last() else { return Ok(Value::Nil) };
        for (index, (_, operand)) in before.iter().enumerate() {
            let place = operands[index + 1].0;
            if self.truth(operand, place)? == ends {
                return Ok(Value::Bool(ends));
            }
        }
        self.eval(last)
    }

    fn order(&mut self, first: &'a Op, rest: &'a [(Order, u32, Op)]) -> Result<Value<'a>> {
        let mut left = self.eval(first)?;
        for (how, place, operand) in rest {
            let right = self.eval(operand)?;
            let Ok(found) = order(&left, &right) else {
                let (one, other) = (left.type_name(), right.type_name());
                return Err(format!("invalid operation: {one} {} {other}", how.sign())).at(*place);
            };
            let holds = match how {
                Order::Less => found == Some(Ordering::Less),
                Order::LessOrEqual => matches!(found, Some(Ordering::Less | Ordering::Equal)),
                Order::More => found == Some(Ordering::Greater),
                Order::MoreOrEqual => matches!(found, Some(Ordering::Greater | Ordering::Equal)),
            };
            if !holds {
                return Ok(Value::Bool(false));
            }
            left = right;
        }
        Ok(Value::Bool(true))
    }

    fn equal(&mut self, op: &'a Op, sides: &'a (Op, Op)) -> Result<bool> {
        let (one, other) = (self.eval(&sides.0)?, self.eval(&sides.1)?);
        equal(&one, &other, &mut self.meter).at(op.at)
    }

    fn texts(&mut self, op: &'a Op, sides: &'a (Op, Op), holds: fn(&str, &str) -> bool) -> Result<Value<'a>> {
        let (one, other) = (self.eval(&sides.0)?, self.eval(&sides.1)?);
        if one.is_nil() || other.is_nil() {
            return Ok(Value::Bool(false));
        }
        let (text, part) = (text_of(&one).at(op.at)?, text_of(&other).at(op.at)?);
        self.meter.read(text.len()).at(op.at)?;
        Ok(Value::Bool(holds(text, part)))
    }
}
