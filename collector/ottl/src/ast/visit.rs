//! Going through all that a statement says, in the order in which it is written.

use super::{ArgumentValue, Body, Call, Condition, Key, Math, Path, Value};

/// Who is shown what a tree has in it. A method that is not given goes on with what is inside; one that is given says so
/// itself, with the function of its name in this module, or leaves that out.
pub(crate) trait Visitor<'t> {
    fn call(&mut self, call: &'t Call) {
        self::call(self, call);
    }

    /// An editor where none may stand.
    fn editor(&mut self, editor: &'t Call) {
        self.call(editor);
    }

    fn path(&mut self, path: &'t Path) {
        self::path(self, path);
    }

    fn value(&mut self, value: &'t Value) {
        self::value(self, value);
    }
}

/// The arguments of a call, and the keys behind it.
pub(crate) fn call<'t>(visitor: &mut (impl Visitor<'t> + ?Sized), call: &'t Call) {
    arguments(visitor, call);
    keys(visitor, &call.keys);
}

/// The arguments of a call.
pub(crate) fn arguments<'t>(visitor: &mut (impl Visitor<'t> + ?Sized), call: &'t Call) {
    for argument in &call.arguments {
        if let ArgumentValue::Value(value) = &argument.value {
            visitor.value(value);
        }
    }
}

/// The keys of a path's fields.
pub(crate) fn path<'t>(visitor: &mut (impl Visitor<'t> + ?Sized), path: &'t Path) {
    path.fields.iter().for_each(|field| keys(visitor, &field.keys));
}

/// What a value is made of.
pub(crate) fn value<'t>(visitor: &mut (impl Visitor<'t> + ?Sized), value: &'t Value) {
    match value {
        Value::Map(pairs) => pairs.iter().for_each(|(_, value)| visitor.value(value)),
        Value::List(values) => values.iter().for_each(|value| visitor.value(value)),
        Value::Lambda(_, lambda) => match &lambda.body {
            Body::Value(value) => visitor.value(value),
            Body::Condition(inner) => condition(visitor, inner),
        },
        Value::Math(inner) => math(visitor, inner),
        Value::Nil | Value::Boolean(_) | Value::Str(_) | Value::Bytes(_) | Value::Enum(..) => {}
    }
}

/// What a condition is made of.
pub(crate) fn condition<'t>(visitor: &mut (impl Visitor<'t> + ?Sized), of: &'t Condition) {
    match of {
        Condition::Any(terms) | Condition::All(terms) => {
            for term in terms {
                condition(visitor, term);
            }
        }
        Condition::Not(inner) | Condition::Group(inner) => condition(visitor, inner),
        Condition::Compare(sides, _) => {
            visitor.value(&sides.0);
            visitor.value(&sides.1);
        }
        Condition::Call(call) => visitor.call(call),
        Condition::Literal(_) => {}
    }
}

fn math<'t>(visitor: &mut (impl Visitor<'t> + ?Sized), of: &'t Math) {
    match of {
        Math::Path(path) => visitor.path(path),
        Math::Converter(call) => visitor.call(call),
        Math::Editor(call) => visitor.editor(call),
        Math::Signed(_, inner) | Math::Group(inner) => math(visitor, inner),
        Math::Chain(first, rest) => {
            math(visitor, first);
            for (_, operand) in rest {
                math(visitor, operand);
            }
        }
        Math::Int(_) | Math::Float(_) => {}
    }
}

fn keys<'t>(visitor: &mut (impl Visitor<'t> + ?Sized), keys: &'t [Key]) {
    for key in keys {
        if let Key::Math(inner) = key {
            math(visitor, inner);
        }
    }
}
