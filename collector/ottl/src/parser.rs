//! From words to a tree, by recursive descent without going back: each word is looked at a bounded number of times, so a
//! long statement costs its length.

mod condition;
mod faults;
mod text;

pub(crate) use self::faults::plain;

use slimcol_ottleval::Operator;

use crate::{
    ast::{Argument, ArgumentValue, Body, Call, Condition, Field, Key, Lambda, Math, Path, Statement, Value},
    lexer::{Kind, Token, lex},
    place::{At, Error},
};

use self::condition::Part;

/// How deep parentheses, lists, calls and indices may be nested in one another.
pub(crate) const DEPTH: usize = 64;

/// Where something is wrong, and what.
type Fault = (At, String);

/// Parses a statement: `editor(…) where …`.
pub(crate) fn statement(source: &str) -> Result<Statement, Error> {
    parse("statement", source, Parser::statement, faults::of_statement)
}

/// Parses a condition.
pub(crate) fn condition(source: &str) -> Result<Condition, Error> {
    parse("condition", source, Parser::condition, faults::of_condition)
}

/// Parses an expression that has a value.
pub(crate) fn expression(source: &str) -> Result<Value, Error> {
    parse("expression", source, Parser::value, faults::of_value)
}

fn parse<'a, T>(
    what: &'static str,
    source: &'a str,
    read: impl FnOnce(&mut Parser<'a>) -> Result<T, Fault>,
    faults: impl FnOnce(&T) -> Option<Fault>,
) -> Result<T, Error> {
    let syntax = |(at, text)| Error::syntax(what, source, at, text);
    let mut parser = Parser { tokens: lex(source).map_err(syntax)?, next: 0, depth: 0, run: 0..0 };
    let tree = read(&mut parser).map_err(syntax)?;
    if parser.peek() != Kind::End {
        return Err(syntax(parser.unexpected("the end")));
    }
    match faults(&tree) {
        Some((at, text)) => Err(Error::new(source, at, text)),
        None => Ok(tree),
    }
}

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    next: usize,
    depth: usize,
    /// The run of words that together may be a name, as last found: names are sequences of words.
    run: std::ops::Range<usize>,
}

impl<'a> Parser<'a> {
    fn token(&self, at: usize) -> Token<'a> {
        // The last word is the end, and nothing stands behind it.
        self.tokens[at.min(self.tokens.len() - 1)]
    }

    fn peek(&self) -> Kind {
        self.token(self.next).kind
    }

    fn here(&self) -> At {
        self.token(self.next).at
    }

    fn take(&mut self) -> Token<'a> {
        self.next += 1;
        self.token(self.next - 1)
    }

    fn eat(&mut self, kind: Kind) -> bool {
        let found = self.peek() == kind;
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, mark: u8) -> Result<(), Fault> {
        if self.eat(Kind::Mark(mark)) {
            Ok(())
        } else {
            Err(self.unexpected(&format!("\"{}\"", char::from(mark))))
        }
    }

    /// The error that the word which comes next is none of what could stand here.
    fn unexpected(&self, expected: &str) -> Fault {
        let token = self.token(self.next);
        let text = if token.kind == Kind::End { "<EOF>" } else { token.text };
        (token.at, format!("unexpected token {text:?} (expected {expected})"))
    }

    /// Reads something that may hold the same again.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        if self.depth == DEPTH {
            return Err((self.here(), format!("nested more than {DEPTH} deep")));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Where the run of words ends that the next one belongs to.
    fn run_end(&mut self) -> usize {
        if !self.run.contains(&self.next) {
            let words = self.tokens[self.next.min(self.tokens.len())..].iter();
            let len = words.take_while(|token| matches!(token.kind, Kind::Upper | Kind::Lower)).count();
            self.run = self.next..self.next + len;
        }
        self.run.end
    }

    /// Whether the run of words that begins here is the name of what is called.
    fn at_call(&mut self) -> bool {
        let end = self.run_end();
        self.token(end).kind == Kind::Mark(b'(')
    }

    /// The name that the run of words makes.
    fn name(&mut self) -> String {
        let end = self.run_end();
        let name = self.tokens[self.next..end].iter().map(|token| token.text).collect();
        self.next = end;
        name
    }

    fn statement(&mut self) -> Result<Statement, Fault> {
        if !matches!(self.peek(), Kind::Lower | Kind::Upper) || !self.at_call() {
            return Err(self.unexpected("an editor"));
        }
        let editor = self.call()?;
        let token = self.token(self.next);
        let condition = match token.kind {
            Kind::Lower if token.text == "where" => {
                self.next += 1;
                Some(self.condition()?)
            }
            Kind::End => None,
            _ => return Err(self.unexpected("\"where\"")),
        };
        Ok(Statement { editor, condition })
    }

    fn condition(&mut self) -> Result<Condition, Fault> {
        let part = self.any()?;
        self.as_condition(part)
    }

    fn call(&mut self) -> Result<Call, Fault> {
        let (at, name) = (self.here(), self.name());
        let arguments = self.nested(|parser| {
            parser.expect(b'(')?;
            let mut arguments = Vec::new();
            if !parser.eat(Kind::Mark(b')')) {
                arguments.push(parser.argument()?);
                while parser.eat(Kind::Mark(b',')) {
                    arguments.push(parser.argument()?);
                }
                if !parser.eat(Kind::Mark(b')')) {
                    return Err(parser.unexpected("\")\""));
                }
            }
            Ok(arguments)
        })?;
        Ok(Call { at, name, arguments, keys: self.keys()? })
    }

    fn argument(&mut self) -> Result<Argument, Fault> {
        let at = self.here();
        let mut name = None;
        if self.peek() == Kind::Lower {
            let end = self.run_end();
            if self.token(end).kind == Kind::Mark(b'=') {
                name = Some(self.name());
                self.next += 1;
            }
        }
        let next = self.token(self.next + 1).kind;
        let value = if self.peek() == Kind::Upper && next == Kind::Lower && !self.at_call() {
            ArgumentValue::Function(self.name())
        } else {
            ArgumentValue::Value(self.value()?)
        };
        Ok(Argument { at, name, value })
    }

    fn value(&mut self) -> Result<Value, Fault> {
        let at = self.here();
        match self.peek() {
            Kind::Nil => {
                self.next += 1;
                Ok(Value::Nil)
            }
            Kind::Boolean(value) => {
                self.next += 1;
                Ok(Value::Boolean(value))
            }
            Kind::Str => Ok(Value::Str(self.string()?)),
            Kind::Bytes => Ok(Value::Bytes(text::bytes(self.take().text).map_err(|text| (at, text))?)),
            Kind::Mark(b'{') => self.nested(Self::map),
            Kind::Mark(b'[') => self.nested(Self::list),
            Kind::Mark(b'(') if self.at_lambda() => self.nested(Self::lambda),
            Kind::Upper if !self.at_call() => match self.token(self.next + 1).kind {
                Kind::Lower => Err(self.unexpected("a value")),
                _ => Ok(Value::Enum(at, self.take().text.to_owned())),
            },
            Kind::Upper
            | Kind::Lower
            | Kind::Int
            | Kind::Float
            | Kind::Plus
            | Kind::Minus
            | Kind::Mark(b'(') => Ok(Value::Math(self.math()?)),
            _ => Err(self.unexpected("a value")),
        }
    }

    fn string(&mut self) -> Result<String, Fault> {
        let token = self.take();
        text::unquote(token.text)
            .ok_or_else(|| (token.at, format!("invalid quoted string {:?}: invalid syntax", token.text)))
    }

    /// `{"a": 1, "b": 2}`; the commas may be left out.
    fn map(&mut self) -> Result<Value, Fault> {
        self.expect(b'{')?;
        let mut pairs = Vec::new();
        while !self.eat(Kind::Mark(b'}')) {
            if self.peek() != Kind::Str {
                return Err(self.unexpected("\"}\""));
            }
            let key = self.string()?;
            self.expect(b':')?;
            pairs.push((key, self.value()?));
            self.eat(Kind::Mark(b','));
        }
        Ok(Value::Map(pairs))
    }

    /// `[1, 2]`; before the first comma values may stand without one, and there may be none.
    fn list(&mut self) -> Result<Value, Fault> {
        self.expect(b'[')?;
        let mut values = Vec::new();
        while !matches!(self.peek(), Kind::Mark(b',' | b']')) {
            values.push(self.value()?);
        }
        while self.eat(Kind::Mark(b',')) {
            values.push(self.value()?);
        }
        self.expect(b']')?;
        Ok(Value::List(values))
    }

    /// Whether the parenthesis here opens a lambda's parameters.
    fn at_lambda(&self) -> bool {
        let mut at = self.next + 1;
        let parameter = |at| matches!(self.token(at).kind, Kind::Lower | Kind::Underscore);
        if parameter(at) {
            at += 1;
            while self.token(at).kind == Kind::Mark(b',') && parameter(at + 1) {
                at += 2;
            }
        }
        self.token(at).kind == Kind::Mark(b')') && self.token(at + 1).kind == Kind::Arrow
    }

    fn lambda(&mut self) -> Result<Value, Fault> {
        let at = self.here();
        let mut parameters = Vec::new();
        while self.peek() != Kind::Arrow {
            let token = self.take();
            if matches!(token.kind, Kind::Lower | Kind::Underscore) {
                parameters.push(token.text.to_owned());
            }
        }
        self.next += 1;
        let body = match self.any()? {
            Part::Value(value) => Body::Value(value),
            Part::Condition(condition) => Body::Condition(condition),
        };
        Ok(Value::Lambda(at, Box::new(Lambda { parameters, body })))
    }

    fn math(&mut self) -> Result<Math, Fault> {
        let first = self.operand()?;
        self.math_from(first)
    }

    /// The rest of an expression of which the first operand was read.
    fn math_from(&mut self, first: Math) -> Result<Math, Fault> {
        let first = self.product_from(first)?;
        let mut rest = Vec::new();
        loop {
            let operator = match self.peek() {
                Kind::Plus => Operator::Plus,
                Kind::Minus => Operator::Minus,
                _ => break,
            };
            self.next += 1;
            let operand = self.operand()?;
            rest.push((operator, self.product_from(operand)?));
        }
        Ok(if rest.is_empty() { first } else { Math::Chain(Box::new(first), rest) })
    }

    fn product_from(&mut self, first: Math) -> Result<Math, Fault> {
        let mut rest = Vec::new();
        loop {
            let operator = match self.peek() {
                Kind::Times => Operator::Times,
                Kind::Over => Operator::Over,
                _ => break,
            };
            self.next += 1;
            rest.push((operator, self.operand()?));
        }
        Ok(if rest.is_empty() { first } else { Math::Chain(Box::new(first), rest) })
    }

    /// One operand, with at most one sign.
    fn operand(&mut self) -> Result<Math, Fault> {
        let sign = match self.peek() {
            Kind::Plus => Some(false),
            Kind::Minus => Some(true),
            _ => None,
        };
        self.next += usize::from(sign.is_some());
        let operand = if self.peek() == Kind::Mark(b'(') {
            self.nested(|parser| {
                parser.expect(b'(')?;
                let inner = parser.math()?;
                parser.expect(b')')?;
                Ok(Math::Group(Box::new(inner)))
            })?
        } else {
            self.literal()?
        };
        Ok(match sign {
            Some(minus) => Math::Signed(minus, Box::new(operand)),
            None => operand,
        })
    }

    fn literal(&mut self) -> Result<Math, Fault> {
        let token = self.token(self.next);
        match token.kind {
            Kind::Upper if self.at_call() => Ok(Math::Converter(self.call()?)),
            Kind::Lower if self.at_call() => Ok(Math::Editor(self.call()?)),
            Kind::Lower => Ok(Math::Path(self.path()?)),
            Kind::Int => Ok(Math::Int(self.int()?)),
            Kind::Float => {
                self.next += 1;
                match token.text.parse() {
                    Ok(value) if f64::is_finite(value) => Ok(Math::Float(value)),
                    _ => Err((token.at, format!("number {} is out of range", token.text))),
                }
            }
            _ => Err(self.unexpected("a value")),
        }
    }

    fn int(&mut self) -> Result<i64, Fault> {
        let token = self.take();
        token.text.parse().map_err(|_| (token.at, format!("integer {} is out of range", token.text)))
    }

    fn path(&mut self) -> Result<Path, Fault> {
        let at = self.here();
        let mut fields = Vec::new();
        loop {
            if self.peek() != Kind::Lower {
                return Err(self.unexpected("a field"));
            }
            let name = self.take().text.to_owned();
            fields.push(Field { name, keys: self.keys()? });
            if !self.eat(Kind::Mark(b'.')) {
                return Ok(Path { at, fields });
            }
        }
    }

    fn keys(&mut self) -> Result<Vec<Key>, Fault> {
        let mut keys = Vec::new();
        while self.peek() == Kind::Mark(b'[') {
            keys.push(self.nested(|parser| {
                parser.expect(b'[')?;
                let key = match parser.peek() {
                    Kind::Str => Key::Str(parser.string()?),
                    _ => match parser.math()? {
                        Math::Int(index) => Key::Int(index),
                        math => Key::Math(math),
                    },
                };
                parser.expect(b']')?;
                Ok(key)
            })?);
        }
        Ok(keys)
    }
}

#[cfg(test)]
mod tests;
