//! From what was written to what is evaluated; types that cannot fit are found here.

mod call;
mod fold;
mod operator;

use slimcol_expreval::{Fault, Held, Op, Step, Value};

use crate::{
    ast::{Kind, Node, Unary},
    types::Type,
};

/// A step with what is known of its value.
type Typed = Result<(Op, Type), Fault>;

/// The plan of an expression, how many variables it has, and the type of its value. Functions named in `disabled` are
/// left to the environment.
pub(crate) fn lower(node: &Node, disabled: &'static [&'static str]) -> Result<(Op, usize, Type), Fault> {
    let mut lowering = Lowering { disabled, variables: Vec::new(), slots: 0, scopes: Vec::new() };
    let (op, of) = lowering.node(node)?;
    Ok((op, lowering.slots, of))
}

struct Lowering {
    disabled: &'static [&'static str],
    /// Those that can be seen, with slot and type.
    variables: Vec<(Box<str>, usize, Type)>,
    slots: usize,
    scopes: Vec<Scope>,
}

/// What `#` means in a predicate.
struct Scope {
    item: Type,
    index: bool,
    acc: bool,
}

fn fault(node: &Node, message: impl Into<String>) -> Fault {
    Fault { message: message.into(), at: node.at }
}

fn constant(value: Value<'static>, of: Type) -> (Step, Type) {
    (Step::Const(value), of)
}

impl Lowering {
    fn boxed(&mut self, node: &Node) -> Result<(Box<Op>, Type), Fault> {
        self.node(node).map(|(op, of)| (Box::new(op), of))
    }

    fn node(&mut self, node: &Node) -> Typed {
        let (step, of) = match &node.kind {
            Kind::Nil => constant(Value::Nil, Type::Nil),
            Kind::Bool(value) => constant(Value::Bool(*value), Type::Bool),
            Kind::Int(value) => constant(Value::Int(*value), Type::Int),
            Kind::Float(value) => constant(Value::Float(*value), Type::Float),
            Kind::Text(text) => constant(Value::Text(Held::Shared((**text).into())), Type::Text),
            Kind::Bytes(bytes) => constant(Value::Bytes(Held::Shared((**bytes).into())), Type::Bytes),
            Kind::Name(name) => self.name(node, name)?,
            Kind::Pointer(name) => self.pointer(node, name)?,
            Kind::Unary(unary, of) => self.unary(node, *unary, of)?,
            Kind::Logic(logic, operands) => self.logic(*logic, operands)?,
            Kind::Order(first, rest) => self.order(first, rest)?,
            Kind::Binary(binary, sides) => self.binary(node, *binary, &sides.0, &sides.1)?,
            Kind::If(parts) => self.condition(&parts.0, parts.1.as_ref(), &parts.2)?,
            Kind::Member { parts, optional } => self.member(node, &parts.0, &parts.1, *optional)?,
            Kind::Chain(inner) => {
                let (inner, of) = self.boxed(inner)?;
                (Step::Chain(inner), of)
            }
            Kind::Slice(parts) => self.slice(node, &parts.0, parts.1.as_ref(), parts.2.as_ref())?,
            Kind::Call { name, args, global } => self.call(node, name, args, *global)?,
            Kind::Method { object, name, args, optional } => {
                let (object, _) = self.boxed(object)?;
                let args =
                    args.iter().map(|arg| self.node(arg).map(|(op, _)| op)).collect::<Result<_, _>>()?;
                (Step::Method { object, name: name.clone(), args, optional: *optional }, Type::Unknown)
            }
            Kind::Predicate(inner) => return self.node(inner),
            Kind::Let { name, parts } => self.declaration(node, name, &parts.0, &parts.1)?,
            Kind::Sequence(nodes) => {
                let mut last = Type::Nil;
                let mut ops = Vec::with_capacity(nodes.len());
                for node in nodes {
                    let (op, of) = self.node(node)?;
                    ops.push(op);
                    last = of;
                }
                (Step::Sequence(ops), last)
            }
            Kind::List(items) => {
                let items = items.iter().map(|item| self.node(item).map(|(op, _)| op));
                (Step::List(items.collect::<Result<_, _>>()?), Type::List)
            }
            Kind::Map(pairs) => {
                let mut lowered = Vec::with_capacity(pairs.len());
                for (key, value) in pairs {
                    lowered.push((self.node(key)?.0, self.node(value)?.0));
                }
                (Step::Map(lowered), Type::Map)
            }
        };
        let op = fold::fold(Op { step, at: node.at })?;
        Ok((op, of))
    }

    fn name(&mut self, node: &Node, name: &str) -> Result<(Step, Type), Fault> {
        let variable = self.variables.iter().rev().find(|(variable, ..)| **variable == *name);
        if let Some((_, slot, of)) = variable {
            return Ok((Step::Slot(*slot), *of));
        }
        if name == "$env" {
            return Err(fault(node, "$env is only there to look a name up: $env[\"name\"]"));
        }
        Ok((Step::Name(name.into()), Type::Unknown))
    }

    fn pointer(&mut self, node: &Node, name: &str) -> Result<(Step, Type), Fault> {
        let Some(scope) = self.scopes.last() else {
            return Err(fault(node, "cannot use pointer accessor outside predicate"));
        };
        match name {
            "" => Ok((Step::Item, scope.item)),
            "index" if scope.index => Ok((Step::Index, Type::Int)),
            "acc" if scope.acc => Ok((Step::Acc, Type::Unknown)),
            _ => Err(fault(node, format!("unknown pointer #{name}"))),
        }
    }

    fn unary(&mut self, node: &Node, unary: Unary, of: &Node) -> Result<(Step, Type), Fault> {
        let (operand, of) = self.boxed(of)?;
        let fits = match unary {
            Unary::Not => of.maybe(Type::Bool),
            Unary::Minus | Unary::Plus => of.is_number() || of == Type::Unknown,
        };
        if !fits {
            return Err(fault(node, format!("invalid operation: {} (mismatched type {of})", unary.sign())));
        }
        Ok(match unary {
            Unary::Not => (Step::Not(operand), Type::Bool),
            Unary::Minus => (Step::Negate(operand), of),
            Unary::Plus => (operand.step, of),
        })
    }

    fn condition(
        &mut self,
        condition: &Node,
        then: Option<&Node>,
        other: &Node,
    ) -> Result<(Step, Type), Fault> {
        let (asked, of) = self.node(condition)?;
        if !of.maybe(Type::Bool) {
            let message = format!("non-bool expression (type {of}) used as condition");
            return Err(fault(condition, message));
        }
        let (then, one) = match then {
            Some(then) => self.node(then).map(|(op, of)| (Some(op), of))?,
            None => (None, Type::Bool),
        };
        let (other, two) = self.node(other)?;
        let of = match (one, two) {
            (Type::Nil, of) | (of, Type::Nil) => of,
            _ if one == two => one,
            _ => Type::Unknown,
        };
        Ok((Step::If(Box::new((asked, then, other))), of))
    }

    fn member(
        &mut self,
        node: &Node,
        object: &Node,
        key: &Node,
        optional: bool,
    ) -> Result<(Step, Type), Fault> {
        let (key_op, key_type) = self.boxed(key)?;
        let name = match &key.kind {
            Kind::Text(name) => Some(name.clone()),
            _ => None,
        };
        if matches!(&object.kind, Kind::Name(name) if **name == *"$env") {
            let step = name.map_or(Step::Lookup(key_op), Step::Name);
            return Ok((step, Type::Unknown));
        }
        let (object, base) = self.boxed(object)?;
        match (base, &name) {
            (Type::Unknown, _) | (Type::Map, Some(_)) => {}
            (Type::Map | Type::List | Type::Bytes, None) if key_type == Type::Unknown => {}
            (Type::Map, None) if key_type == Type::Text => {}
            (Type::Map, None) => {
                let message = format!("cannot use {key_type} to get an element from {base}");
                return Err(fault(key, message));
            }
            (Type::List | Type::Bytes, _) if key_type == Type::Int => {}
            (Type::List | Type::Bytes, _) => {
                let message =
                    format!("array elements can only be selected using an integer (got {key_type})");
                return Err(fault(key, message));
            }
            (Type::Nil, Some(name)) => return Err(fault(node, format!("type nil has no field {name}"))),
            (_, Some(name)) => return Err(fault(node, format!("type {base} has no field {name}"))),
            (_, None) => return Err(fault(node, format!("type {base}[{key_type}] is undefined"))),
        }
        let step = match name {
            Some(name) => Step::Field { object, name, optional },
            None => Step::Member { parts: Box::new((*object, *key_op)), optional },
        };
        Ok((step, Type::Unknown))
    }

    fn slice(
        &mut self,
        node: &Node,
        of: &Node,
        from: Option<&Node>,
        to: Option<&Node>,
    ) -> Result<(Step, Type), Fault> {
        let (sliced, of) = self.node(of)?;
        if !matches!(of, Type::Unknown | Type::Text | Type::List | Type::Bytes) {
            return Err(fault(node, format!("cannot slice {of}")));
        }
        let mut bound = |bound: Option<&Node>| match bound {
            None => Ok(None),
            Some(node) => {
                let (op, of) = self.node(node)?;
                if of.maybe(Type::Int) {
                    return Ok(Some(op));
                }
                Err(fault(node, format!("non-integer slice index {of}")))
            }
        };
        let (from, to) = (bound(from)?, bound(to)?);
        Ok((Step::Slice(Box::new((sliced, from, to))), of))
    }

    fn declaration(
        &mut self,
        node: &Node,
        name: &str,
        value: &Node,
        body: &Node,
    ) -> Result<(Step, Type), Fault> {
        if crate::function::find(name).is_some() || crate::function::each(name).is_some() {
            return Err(fault(node, format!("cannot redeclare builtin {name}")));
        }
        if self.variables.iter().any(|(variable, ..)| **variable == *name) {
            return Err(fault(node, format!("cannot redeclare variable {name}")));
        }
        let (value, of) = self.node(value)?;
        let slot = self.slots;
        self.slots += 1;
        self.variables.push((name.into(), slot, of));
        let body = self.node(body);
        self.variables.pop();
        let (body, of) = body?;
        Ok((Step::Let { slot, parts: Box::new((value, body)) }, of))
    }
}
