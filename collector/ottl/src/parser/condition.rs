//! Conditions. What a parenthesis opens is known only behind it, `(a) == b` or `(a == b)`, so what is read is either, and
//! becomes a condition where one is needed.

use super::{Fault, Parser};
use crate::{
    ast::{Condition, Math, Value},
    lexer::Kind,
};

/// A value or a condition.
pub(super) enum Part {
    Value(Value),
    Condition(Condition),
}

impl Parser<'_> {
    /// What `or` joins, or one part without it.
    pub(super) fn any(&mut self) -> Result<Part, Fault> {
        self.joined(Kind::Or, Self::all, Condition::Any)
    }

    fn all(&mut self) -> Result<Part, Fault> {
        self.joined(Kind::And, Self::not, Condition::All)
    }

    fn joined(
        &mut self,
        by: Kind,
        read: fn(&mut Self) -> Result<Part, Fault>,
        join: fn(Vec<Condition>) -> Condition,
    ) -> Result<Part, Fault> {
        let first = read(self)?;
        if self.peek() != by {
            return Ok(first);
        }
        let mut terms = vec![self.as_condition(first)?];
        while self.eat(by) {
            let term = read(self)?;
            terms.push(self.as_condition(term)?);
        }
        Ok(Part::Condition(join(terms)))
    }

    fn not(&mut self) -> Result<Part, Fault> {
        if !self.eat(Kind::Not) {
            return self.comparison();
        }
        let inner = self.comparison()?;
        Ok(Part::Condition(Condition::Not(Box::new(self.as_condition(inner)?))))
    }

    fn comparison(&mut self) -> Result<Part, Fault> {
        let left = if self.peek() == Kind::Mark(b'(') && !self.at_lambda() {
            match self.nested(Self::group)? {
                Part::Value(Value::Math(first)) => Part::Value(Value::Math(self.math_from(first)?)),
                other => other,
            }
        } else {
            Part::Value(self.value()?)
        };
        let Kind::Compare(how) = self.peek() else { return Ok(left) };
        let Part::Value(left) = left else { return Err(self.unexpected("\"and\" or \"or\"")) };
        self.next += 1;
        let right = self.value()?;
        Ok(Part::Condition(Condition::Compare(Box::new((left, right)), how)))
    }

    fn group(&mut self) -> Result<Part, Fault> {
        self.expect(b'(')?;
        let inner = match self.any()? {
            Part::Value(Value::Math(math)) => Part::Value(Value::Math(Math::Group(Box::new(math)))),
            other => Part::Condition(Condition::Group(Box::new(self.as_condition(other)?))),
        };
        self.expect(b')')?;
        Ok(inner)
    }

    /// What was just read as a condition: literals and what converters give are conditions too.
    pub(super) fn as_condition(&self, part: Part) -> Result<Condition, Fault> {
        match part {
            Part::Condition(condition) => Ok(condition),
            Part::Value(Value::Boolean(value)) => Ok(Condition::Literal(value)),
            Part::Value(Value::Math(Math::Converter(call))) => Ok(Condition::Call(call)),
            Part::Value(Value::Math(Math::Group(inner))) => {
                let inner = self.as_condition(Part::Value(Value::Math(*inner)))?;
                Ok(Condition::Group(Box::new(inner)))
            }
            Part::Value(_) => Err(self.unexpected("a comparison")),
        }
    }
}
