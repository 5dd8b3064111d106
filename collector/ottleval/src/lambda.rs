//! Functions without a name: what they say, worked out with what they are handed.

use slimcol_pdata::view::ValueRef;
use slimcol_service::Client;

use crate::{
    context::{Context, Field, Slot},
    fault::Fault,
    program::{Expression, Index, Test, again, indexed},
    value::Value,
};

/// A function without a name.
#[derive(Debug)]
pub struct Lambda {
    /// How many values it is handed.
    pub parameters: usize,
    /// How many those are handed within which it stands.
    pub base: usize,
    /// What it says.
    pub body: Body,
}

/// What a function without a name says.
#[derive(Debug)]
pub enum Body {
    /// A value.
    Value(Expression),
    /// Whether something holds.
    Test(Test),
}

/// What a function without a name was handed, and where in that.
#[derive(Debug)]
pub struct Local {
    /// Which, of those of all functions around the expression, the outermost first.
    pub at: usize,
    /// What it is called.
    pub name: Box<str>,
    /// Where in it.
    pub keys: Box<[Index]>,
}

impl Lambda {
    /// Why it cannot be handed so many values.
    pub fn takes(&self, count: usize) -> Result<(), String> {
        if self.parameters == count {
            return Ok(());
        }
        let has = self.parameters;
        Err(format!("lambda should be defined with exactly {count} formal(s), but has {has}"))
    }

    /// What it gives for a record and the values that it is handed.
    pub fn call(&self, values: &[Value<'_>], of: &dyn Context) -> Result<Value<'static>, Fault> {
        let frame = Frame { outer: of, base: self.base, values };
        match &self.body {
            Body::Value(expression) => expression.value(&frame).map(Value::into_owned),
            Body::Test(test) => test.holds(&frame).map(Into::into),
        }
    }
}

impl Local {
    pub(crate) fn value<'a>(&'a self, of: &'a dyn Context) -> Result<Value<'a>, Fault> {
        let value = of.local(self.at).map_or(Value::NIL, again);
        if self.keys.is_empty() {
            return Ok(value);
        }
        indexed(value, &self.keys, of)
            .map_err(|fault| Fault::new(format!("cannot index local identifier {:?}: {fault}", self.name)))
    }
}

/// A record and what a function without a name was handed.
#[derive(Debug)]
struct Frame<'f> {
    outer: &'f dyn Context,
    base: usize,
    values: &'f [Value<'f>],
}

impl Context for Frame<'_> {
    fn get(&self, field: Field) -> Value<'_> {
        self.outer.get(field)
    }

    // Nothing in a function without a name sets anything.
    fn set(&mut self, _: Field, _: &Value<'_>) -> Result<(), Fault> {
        Ok(())
    }

    fn slot(&mut self, _: Field) -> Option<Slot<'_>> {
        None
    }

    fn lookup(&self, field: Field, key: &str) -> Option<ValueRef<'_>> {
        self.outer.lookup(field, key)
    }

    fn sender(&self) -> Option<&Client> {
        self.outer.sender()
    }

    fn local(&self, at: usize) -> Option<&Value<'_>> {
        match at.checked_sub(self.base) {
            Some(own) => self.values.get(own),
            None => self.outer.local(at),
        }
    }

    fn whole_metric(&self) -> Option<&slimcol_pdata::edit::MetricMut<'_>> {
        self.outer.whole_metric()
    }
}
