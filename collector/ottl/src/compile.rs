//! From trees to programs: names become functions, fields and numbers, and what cannot be is an error with its place.

mod call;
mod lambda;

use slimcol_ottleval::{
    Condition, Context, Expression, Fault, Field, Index, Kind, Place, Slot, Statement, Test, Unique, Value,
    ValueExpression, compare, function::Functions,
};
use slimcol_pdata::edit::OwnValue;

use self::lambda::Locals;
use crate::{
    ast, parser,
    place::{At, Error},
    resolve::resolve,
};

/// So many keys may follow one another: telemetry is not nested deeper.
const KEYS: usize = 50;

/// What statements are compiled for: what they are about, which functions they have.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// What the statements are about.
    pub context: Kind,
    /// Whether paths must begin with a context's name. Where it need not, paths without one are the context's own.
    pub prefixed: bool,
    /// The functions that there are.
    pub functions: Functions,
}

impl Scope {
    /// Compiles a statement.
    pub fn statement(&self, source: &str) -> Result<Statement, Error> {
        let tree = parser::statement(source)?;
        let compiler = Compiler { scope: self, source, locals: None };
        let editor = compiler.call(&tree.editor)?;
        let condition = tree.condition.as_ref().map(|condition| compiler.condition(condition)).transpose()?;
        Ok(Statement { source: source.into(), editor, condition: condition.filter(|test| !always(test)) })
    }

    /// Compiles a condition.
    pub fn condition(&self, source: &str) -> Result<Condition, Error> {
        let tree = parser::condition(source)?;
        let test = Compiler { scope: self, source, locals: None }.condition(&tree)?;
        Ok(Condition { source: source.into(), test })
    }

    /// Compiles an expression that has a value.
    pub fn expression(&self, source: &str) -> Result<ValueExpression, Error> {
        let tree = parser::expression(source)?;
        let expression = Compiler { scope: self, source, locals: None }.value(&tree)?;
        Ok(ValueExpression { source: source.into(), expression })
    }
}

fn always(test: &Test) -> bool {
    matches!(test, Test::Literal(true))
}

struct Compiler<'s> {
    scope: &'s Scope,
    source: &'s str,
    locals: Option<&'s Locals<'s>>,
}

/// Where there is no record: literals are worked out here.
#[derive(Debug)]
struct Nowhere;

impl Context for Nowhere {
    fn get(&self, _: Field) -> Value<'_> {
        Value::NIL
    }

    fn set(&mut self, _: Field, _: &Value<'_>) -> Result<(), Fault> {
        Ok(())
    }

    fn slot(&mut self, _: Field) -> Option<Slot<'_>> {
        None
    }
}

impl Compiler<'_> {
    fn error(&self, at: At, text: impl Into<String>) -> Error {
        Error::new(self.source, at, text)
    }

    /// Conditions are worked out as far as that can be done beforehand, as the Go collector does: `false and …` asks
    /// nothing.
    fn condition(&self, tree: &ast::Condition) -> Result<Test, Error> {
        Ok(match tree {
            ast::Condition::Any(terms) => joined(self.conditions(terms)?, true, Test::Any),
            ast::Condition::All(terms) => joined(self.conditions(terms)?, false, Test::All),
            ast::Condition::Not(inner) => match self.condition(inner)? {
                Test::Literal(value) => Test::Literal(!value),
                test => Test::Not(Box::new(test)),
            },
            ast::Condition::Group(inner) => self.condition(inner)?,
            ast::Condition::Compare(sides, how) => {
                let test = Test::Compare(self.value(&sides.0)?, *how, self.value(&sides.1)?);
                match &test {
                    Test::Compare(Expression::Literal(a), how, Expression::Literal(b)) => {
                        Test::Literal(compare(a.look(), b.look(), *how))
                    }
                    _ => test,
                }
            }
            ast::Condition::Literal(value) => Test::Literal(*value),
            ast::Condition::Call(call) => Test::Converter(self.converter(call)?),
        })
    }

    fn conditions(&self, trees: &[ast::Condition]) -> Result<Vec<Test>, Error> {
        trees.iter().map(|tree| self.condition(tree)).collect()
    }

    fn value(&self, tree: &ast::Value) -> Result<Expression, Error> {
        Ok(match tree {
            ast::Value::Nil => Expression::Literal(Value::NIL),
            ast::Value::Boolean(value) => Expression::Literal((*value).into()),
            ast::Value::Str(text) => Expression::Literal(Value::Text(text.clone())),
            ast::Value::Bytes(bytes) => Expression::Literal(OwnValue::from(&bytes[..]).into()),
            ast::Value::Enum(at, name) => match self.scope.context.symbol(name) {
                Some(number) => Expression::Literal(number.into()),
                None if self.scope.context == Kind::Exemplar => {
                    return Err(self.error(*at, "exemplar context does not support enums"));
                }
                None => return Err(self.error(*at, format!("enum symbol, {name}, not found"))),
            },
            ast::Value::Map(pairs) => {
                let mut found: Unique<Box<str>, Expression> = Unique::default();
                for (key, value) in pairs {
                    found.put(key.as_str().into(), self.value(value)?);
                }
                let literal = found.iter().all(|(_, value)| value.literal().is_some());
                self.settled(Expression::Map(found.into_pairs().into()), literal)?
            }
            ast::Value::List(values) => {
                let values = values.iter().map(|value| self.value(value)).collect::<Result<Vec<_>, _>>()?;
                let literal = values.iter().all(|value| value.literal().is_some());
                self.settled(Expression::List(values.into()), literal)?
            }
            ast::Value::Lambda(at, _) => {
                self.lambdas_are_on(*at)?;
                return Err(self.error(*at, "a lambda expression is not expected here"));
            }
            ast::Value::Math(math) => self.math(math)?,
        })
    }

    /// What consists of literals is one.
    fn settled(&self, expression: Expression, literal: bool) -> Result<Expression, Error> {
        if !literal {
            return Ok(expression);
        }
        match expression.value(&Nowhere) {
            Ok(value) => Ok(Expression::Literal(value.into_owned())),
            Err(fault) => Err(self.error(At::default(), fault.to_string())),
        }
    }

    fn math(&self, tree: &ast::Math) -> Result<Expression, Error> {
        Ok(match tree {
            ast::Math::Int(value) => Expression::Literal((*value).into()),
            ast::Math::Float(value) => Expression::Literal((*value).into()),
            ast::Math::Path(path) => match self.local(path)? {
                Some(local) => local,
                None => Expression::Place(self.place(path)?),
            },
            ast::Math::Converter(call) | ast::Math::Editor(call) => self.converter(call)?,
            ast::Math::Signed(false, inner) | ast::Math::Group(inner) => self.math(inner)?,
            ast::Math::Signed(true, inner) => match (&**inner, self.math(inner)?) {
                (ast::Math::Int(value), _) => Expression::Literal(value.wrapping_neg().into()),
                (ast::Math::Float(value), _) => Expression::Literal((-value).into()),
                (_, inner) => Expression::Negative(Box::new(inner)),
            },
            ast::Math::Chain(first, rest) => {
                let rest = rest.iter().map(|(operator, operand)| Ok((*operator, self.math(operand)?)));
                let rest = rest.collect::<Result<Vec<_>, Error>>()?;
                Expression::Chain(Box::new(self.math(first)?), rest.into())
            }
        })
    }

    fn place(&self, path: &ast::Path) -> Result<Place, Error> {
        let (field, keys) = resolve(self.scope.context, path, self.scope.prefixed)
            .map_err(|text| self.error(path.at, text))?;
        Ok(Place { field, keys: self.keys(keys, path.at)? })
    }

    fn keys(&self, keys: &[ast::Key], at: At) -> Result<Box<[Index]>, Error> {
        if keys.len() > KEYS {
            return Err(self.error(at, format!("more than {KEYS} keys")));
        }
        let index = |key: &ast::Key| {
            Ok(match key {
                ast::Key::Str(text) => Index::Str(text.as_str().into()),
                ast::Key::Int(at) => Index::Int(*at),
                ast::Key::Math(math) => Index::Expression(self.math(math)?),
            })
        };
        keys.iter().map(index).collect()
    }
}

/// Terms of which one that is `deciding` decides, and one that is not says nothing.
fn joined(terms: Vec<Test>, deciding: bool, join: fn(Box<[Test]>) -> Test) -> Test {
    if terms.iter().any(|term| matches!(term, Test::Literal(value) if *value == deciding)) {
        return Test::Literal(deciding);
    }
    let mut open: Vec<_> = terms.into_iter().filter(|term| !matches!(term, Test::Literal(_))).collect();
    match open.len() {
        0 => Test::Literal(!deciding),
        1 => open.remove(0),
        _ => join(open.into()),
    }
}
