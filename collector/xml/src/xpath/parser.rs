//! From words to expressions, by recursive descent.

use super::{
    Axis, Compare, Expr, Reckon, Step, Test, functions,
    lexer::{Token, lex},
};

/// So deep may expressions lie in one another.
const DEPTH: usize = 50;

pub(super) fn parse(text: &str) -> Result<Expr, String> {
    let mut parser = Parser { tokens: lex(text)?, next: 0, depth: 0 };
    let expr = parser.any()?;
    match parser.peek() {
        Token::End => Ok(expr),
        other => Err(format!("unexpected {} in {text:?}", shown(other))),
    }
}

fn shown(token: &Token) -> String {
    match token {
        Token::Name(name) => format!("{name:?}"),
        Token::Text(text) => format!("{text:?}"),
        Token::Number(number) => format!("\"{number}\""),
        Token::Mark(mark) => format!("{mark:?}"),
        Token::End => "end".to_owned(),
    }
}

struct Parser {
    tokens: Vec<Token>,
    next: usize,
    depth: usize,
}

/// Operators that bind alike, and what they make of their operands.
type Operators = &'static [(&'static str, fn(Box<(Expr, Expr)>) -> Expr)];

const LEVELS: &[Operators] = &[
    &[("or", Expr::Or)],
    &[("and", Expr::And)],
    &[("=", |both| Expr::Compare(Compare::Eq, both)), ("!=", |both| Expr::Compare(Compare::Ne, both))],
    &[
        ("<", |both| Expr::Compare(Compare::Lt, both)),
        ("<=", |both| Expr::Compare(Compare::Le, both)),
        (">", |both| Expr::Compare(Compare::Gt, both)),
        (">=", |both| Expr::Compare(Compare::Ge, both)),
    ],
    &[("+", |both| Expr::Reckon(Reckon::Plus, both)), ("-", |both| Expr::Reckon(Reckon::Minus, both))],
    &[
        ("*", |both| Expr::Reckon(Reckon::Times, both)),
        ("div", |both| Expr::Reckon(Reckon::Over, both)),
        ("mod", |both| Expr::Reckon(Reckon::Mod, both)),
    ],
];

impl Parser {
    fn peek(&self) -> &Token {
        self.ahead(0)
    }

    fn ahead(&self, count: usize) -> &Token {
        // The last word is the end.
        &self.tokens[(self.next + count).min(self.tokens.len() - 1)]
    }

    fn eat(&mut self, mark: &str) -> bool {
        let found = matches!(self.peek(), Token::Mark(own) if *own == mark);
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, mark: &str) -> Result<(), String> {
        if self.eat(mark) { Ok(()) } else { Err(format!("expected {mark:?}, found {}", shown(self.peek()))) }
    }

    fn any(&mut self) -> Result<Expr, String> {
        if self.depth == DEPTH {
            return Err(format!("nested more than {DEPTH} deep"));
        }
        self.depth += 1;
        let expr = self.level(0);
        self.depth -= 1;
        expr
    }

    fn level(&mut self, level: usize) -> Result<Expr, String> {
        let Some(operators) = LEVELS.get(level) else { return self.unary() };
        let mut left = self.level(level + 1)?;
        let mut count = 0;
        loop {
            let word = match self.peek() {
                Token::Mark(mark) => mark,
                Token::Name(name) => name.as_str(),
                _ => return Ok(left),
            };
            let Some((_, make)) = operators.iter().find(|(own, _)| *own == word) else { return Ok(left) };
            self.next += 1;
            count += 1;
            if count > DEPTH {
                return Err(format!("more than {DEPTH} operators in a row"));
            }
            left = make(Box::new((left, self.level(level + 1)?)));
        }
    }

    fn unary(&mut self) -> Result<Expr, String> {
        let mut negative = false;
        while self.eat("-") {
            negative = !negative;
        }
        let mut left = self.primary()?;
        let mut count = 0;
        while self.eat("|") {
            count += 1;
            if count > DEPTH {
                return Err(format!("more than {DEPTH} operators in a row"));
            }
            left = Expr::Union(Box::new((left, self.primary()?)));
        }
        Ok(if negative { Expr::Negative(Box::new(left)) } else { left })
    }

    fn primary(&mut self) -> Result<Expr, String> {
        match self.peek().clone() {
            Token::Text(text) => {
                self.next += 1;
                Ok(Expr::Text(text))
            }
            Token::Number(number) => {
                self.next += 1;
                Ok(Expr::Number(number))
            }
            Token::Mark("(") => {
                self.next += 1;
                let inner = self.any()?;
                self.expect(")")?;
                Ok(inner)
            }
            Token::Name(name) if *self.ahead(1) == Token::Mark("(") && node_test(&name).is_none() => {
                self.call(&name)
            }
            _ => self.path(),
        }
    }

    fn call(&mut self, name: &str) -> Result<Expr, String> {
        let function = functions::named(name).ok_or_else(|| format!("function {name}() is not supported"))?;
        self.next += 2;
        let mut arguments = Vec::new();
        if !self.eat(")") {
            arguments.push(self.any()?);
            while self.eat(",") {
                arguments.push(self.any()?);
            }
            self.expect(")")?;
        }
        if !function.takes.contains(&arguments.len()) {
            return Err(format!("{name}() does not take {} arguments", arguments.len()));
        }
        Ok(Expr::Call(function, arguments))
    }

    fn path(&mut self) -> Result<Expr, String> {
        let mut steps = Vec::new();
        let any_below = || Step { axis: Axis::DescendantOrSelf, test: Test::Node, predicates: Vec::new() };
        let absolute = if self.eat("//") {
            steps.push(any_below());
            true
        } else {
            self.eat("/")
        };
        if steps.is_empty() && absolute && !self.at_step() {
            return Ok(Expr::Steps { absolute, steps });
        }
        loop {
            steps.push(self.step()?);
            if self.eat("//") {
                steps.push(any_below());
            } else if !self.eat("/") {
                return Ok(Expr::Steps { absolute, steps });
            } else if !self.at_step() {
                // The Go collector's reader takes a slash at the end.
                return Ok(Expr::Steps { absolute, steps });
            }
        }
    }

    fn at_step(&self) -> bool {
        matches!(self.peek(), Token::Name(_) | Token::Mark("@" | "." | ".." | "*"))
    }

    fn step(&mut self) -> Result<Step, String> {
        let whole = |axis| Step { axis, test: Test::Node, predicates: Vec::new() };
        if self.eat(".") {
            return Ok(whole(Axis::Own));
        }
        if self.eat("..") {
            return Ok(whole(Axis::Parent));
        }
        let axis = if self.eat("@") {
            Axis::Attribute
        } else if *self.ahead(1) == Token::Mark("::")
            && let Token::Name(name) = self.peek()
        {
            let axis = axis(name).ok_or_else(|| format!("axis {name:?} is not supported"))?;
            self.next += 2;
            axis
        } else {
            Axis::Child
        };
        let test = self.test()?;
        let mut predicates = Vec::new();
        while self.eat("[") {
            predicates.push(self.any()?);
            self.expect("]")?;
        }
        Ok(Step { axis, test, predicates })
    }

    fn test(&mut self) -> Result<Test, String> {
        if self.eat("*") {
            return Ok(Test::Any);
        }
        let Token::Name(name) = self.peek().clone() else {
            return Err(format!("expected a step, found {}", shown(self.peek())));
        };
        self.next += 1;
        if self.eat("(") {
            let test = node_test(&name).ok_or_else(|| format!("{name}() is no test of nodes"))?;
            self.expect(")")?;
            return Ok(test);
        }
        if !self.eat(":") {
            return Ok(Test::Name(String::new(), name));
        }
        if self.eat("*") {
            return Ok(Test::Prefix(name));
        }
        match self.peek().clone() {
            Token::Name(local) => {
                self.next += 1;
                Ok(Test::Name(name, local))
            }
            other => Err(format!("expected a name behind {name:?}, found {}", shown(&other))),
        }
    }
}

fn node_test(name: &str) -> Option<Test> {
    Some(match name {
        "node" => Test::Node,
        "text" => Test::Text,
        "comment" => Test::Comment,
        _ => return None,
    })
}

fn axis(name: &str) -> Option<Axis> {
    Some(match name {
        "child" => Axis::Child,
        "descendant" => Axis::Descendant,
        "descendant-or-self" => Axis::DescendantOrSelf,
        "self" => Axis::Own,
        "parent" => Axis::Parent,
        "ancestor" => Axis::Ancestor,
        "ancestor-or-self" => Axis::AncestorOrSelf,
        "following-sibling" => Axis::FollowingSibling,
        "preceding-sibling" => Axis::PrecedingSibling,
        "attribute" => Axis::Attribute,
        _ => return None,
    })
}
