//! What stands between operators, and what follows it: `.a`, `[b]`, `(c)`.

use slimcol_expreval::{Each, Fault};

use super::Parser;
use crate::{
    ast::{Kind, Node, Unary},
    function::each,
    lexer::{Lexeme, is_identifier},
};

impl Parser<'_> {
    pub(super) fn primary(&mut self) -> Result<Node, Fault> {
        let at = self.at();
        if let Some(sign) = self.operator() {
            let unary = match sign {
                "not" | "!" => Some((Unary::Not, 50)),
                "-" => Some((Unary::Minus, 90)),
                "+" => Some((Unary::Plus, 90)),
                _ => None,
            };
            if let Some((unary, strength)) = unary {
                self.advance()?;
                let operand = self.expression(strength)?;
                let node = self.node(at, Kind::Unary(unary, Box::new(operand)))?;
                return self.postfix(node);
            }
            if sign == "::" {
                self.advance()?;
                let (name, at) = self.identifier()?;
                let node = self.call(name, at, None, true)?;
                return self.postfix(node);
            }
            if self.predicates > 0 && matches!(sign, "#" | ".") {
                let mut name = "";
                if sign == "#" {
                    self.advance()?;
                    if let Lexeme::Identifier(word) = self.current().lexeme {
                        name = word;
                        self.advance()?;
                    }
                }
                let node = self.node(at, Kind::Pointer(name.into()))?;
                return self.postfix(node);
            }
        }
        if self.skip("(")? {
            let node = self.deeper(Self::sequence)?;
            self.expect(")")?;
            return self.postfix(node);
        }
        let lexeme = self.current().lexeme.clone();
        let node = match lexeme {
            Lexeme::Identifier(word) => {
                self.advance()?;
                let literal = match word {
                    "true" => Some(Kind::Bool(true)),
                    "false" => Some(Kind::Bool(false)),
                    "nil" => Some(Kind::Nil),
                    _ => None,
                };
                match literal {
                    // Nothing can follow these.
                    Some(kind) => return self.node(at, kind),
                    None if self.is("(") => self.call(word, at, None, false)?,
                    None => self.node(at, Kind::Name(word.into()))?,
                }
            }
            Lexeme::Number(digits) => {
                self.advance()?;
                let kind = number(digits).map_err(|message| self.fault(message))?;
                return self.node(at, kind);
            }
            Lexeme::Text(text) => {
                self.advance()?;
                self.node(at, Kind::Text(text.into()))?
            }
            Lexeme::Bytes(bytes) => {
                self.advance()?;
                self.node(at, Kind::Bytes(bytes.into()))?
            }
            Lexeme::Bracket("[") => self.list()?,
            Lexeme::Bracket("{") => self.map()?,
            _ => return Err(self.unexpected()),
        };
        self.postfix(node)
    }

    fn list(&mut self) -> Result<Node, Fault> {
        let at = self.at();
        self.expect("[")?;
        let items = self.separated("]")?;
        self.node(at, Kind::List(items))
    }

    /// Expressions between commas, up to `end`, which is consumed.
    fn separated(&mut self, end: &str) -> Result<Vec<Node>, Fault> {
        let mut nodes = Vec::new();
        while !self.is(end) {
            if !nodes.is_empty() {
                self.expect(",")?;
                if self.is(end) {
                    break;
                }
            }
            nodes.push(self.expression(0)?);
        }
        self.expect(end)?;
        Ok(nodes)
    }

    fn map(&mut self) -> Result<Node, Fault> {
        let at = self.at();
        self.expect("{")?;
        let mut pairs = Vec::new();
        while !self.is("}") {
            if !pairs.is_empty() {
                self.expect(",")?;
                if self.is("}") {
                    break;
                }
                if self.is(",") {
                    return Err(self.unexpected());
                }
            }
            let key_at = self.at();
            let text: Option<Box<str>> = match &self.current().lexeme {
                Lexeme::Number(text) | Lexeme::Identifier(text) => Some((*text).into()),
                Lexeme::Text(text) => Some(text.as_ref().into()),
                _ => None,
            };
            let key = match text {
                Some(text) => {
                    self.advance()?;
                    self.node(key_at, Kind::Text(text))?
                }
                None if self.is("(") => self.expression(0)?,
                None => {
                    let message = "a map key must be a quoted string, a number, a identifier, \
                                   or an expression enclosed in parentheses";
                    return Err(self.fault(format!("{message} (unexpected token {})", self.current())));
                }
            };
            self.expect(":")?;
            let value = self.expression(0)?;
            pairs.push((key, value));
        }
        self.expect("}")?;
        self.node(at, Kind::Map(pairs))
    }

    /// A call of `name`, with what a pipe brings as the first argument.
    pub(super) fn call(
        &mut self,
        name: &str,
        at: u32,
        piped: Option<Node>,
        global: bool,
    ) -> Result<Node, Fault> {
        self.expect("(")?;
        let mut args: Vec<Node> = piped.into_iter().collect();
        match each(name) {
            Some(each) => self.each_arguments(each, &mut args)?,
            None => args.append(&mut self.separated(")")?),
        }
        self.node(at, Kind::Call { name: name.into(), args, global })
    }

    fn each_arguments(&mut self, each: Each, args: &mut Vec<Node>) -> Result<(), Fault> {
        let piped = args.len();
        while args.len() < each.most_arguments() {
            if self.is(")") {
                if args.len() >= each.least_arguments() {
                    break;
                }
                let least = each.most_arguments() - piped;
                return Err(self.fault(format!("expected at least {least} arguments")));
            }
            if args.len() > piped {
                self.expect(",")?;
            }
            // A comma may be the last thing.
            if self.is(")") && args.len() >= each.least_arguments() {
                break;
            }
            let node = if args.len() == 1 { self.predicate()? } else { self.expression(0)? };
            args.push(node);
        }
        self.skip(",")?;
        self.expect(")")
    }

    fn predicate(&mut self) -> Result<Node, Fault> {
        let at = self.at();
        let braces = self.skip("{")?;
        self.predicates += 1;
        let node = if braces { self.deeper(Self::sequence)? } else { self.expression(0)? };
        self.predicates -= 1;
        if braces {
            self.expect("}")?;
        } else if self.is(";") {
            return Err(self.fault("wrap predicate with brackets { and }"));
        }
        self.node(at, Kind::Predicate(Box::new(node)))
    }

    /// `node` with the members, indexes, slices and method calls that follow it.
    fn postfix(&mut self, mut node: Node) -> Result<Node, Fault> {
        loop {
            let at = self.at();
            match self.current().lexeme {
                Lexeme::Operator("?.") if self.followed_by_bracket() => {
                    self.advance()?;
                    let at = self.at();
                    node = self.index(node, at, true)?;
                }
                Lexeme::Operator(sign @ ("." | "?.")) => {
                    self.advance()?;
                    node = self.member(node, sign == "?.")?;
                }
                Lexeme::Bracket("[") => node = self.index(node, at, false)?,
                _ => return Ok(node),
            }
        }
    }

    fn followed_by_bracket(&self) -> bool {
        matches!(self.tokens.get(self.next + 1).map(|token| &token.lexeme), Some(Lexeme::Bracket("[")))
    }

    fn member(&mut self, node: Node, optional: bool) -> Result<Node, Fault> {
        let at = self.at();
        let name = match self.current().lexeme {
            Lexeme::Identifier(name) => name,
            // `not` and `matches` are names too here.
            Lexeme::Operator(word) if is_identifier(word) => word,
            Lexeme::End => return Err(self.fault("unexpected end of expression")),
            _ => {
                self.advance()?;
                return Err(self.fault("expected name"));
            }
        };
        self.advance()?;
        let (node, chained) = match node {
            Node { kind: Kind::Chain(inner), .. } => (*inner, true),
            node => (node, false),
        };
        let node = if self.skip("(")? {
            let args = self.separated(")")?;
            self.node(at, Kind::Method { object: Box::new(node), name: name.into(), args, optional })?
        } else {
            let key = self.node(at, Kind::Text(name.into()))?;
            self.node(at, Kind::Member { parts: Box::new((node, key)), optional })?
        };
        if chained || optional { self.node(at, Kind::Chain(Box::new(node))) } else { Ok(node) }
    }

    fn index(&mut self, node: Node, at: u32, optional: bool) -> Result<Node, Fault> {
        self.expect("[")?;
        let from = if self.is(":") { None } else { Some(self.expression(0)?) };
        if self.skip(":")? {
            let to = if self.is("]") { None } else { Some(self.expression(0)?) };
            self.expect("]")?;
            return self.node(at, Kind::Slice(Box::new((node, from, to))));
        }
        self.expect("]")?;
        let Some(key) = from else { return Err(self.unexpected()) };
        let node = self.node(at, Kind::Member { parts: Box::new((node, key)), optional })?;
        if optional { self.node(at, Kind::Chain(Box::new(node))) } else { Ok(node) }
    }
}

fn number(written: &str) -> Result<Kind, String> {
    let digits = written.replace('_', "");
    let (radix, kind) = match digits.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("0x") => (16, "hex"),
        Some("0b") => (2, "binary"),
        Some("0o") => (8, "octal"),
        _ if digits.contains(['.', 'e', 'E']) => {
            return match digits.parse::<f64>() {
                Ok(value) if value.is_finite() => Ok(Kind::Float(value)),
                Ok(_) => Err(format!(
                    "invalid float literal: strconv.ParseFloat: parsing {digits:?}: value out of range"
                )),
                Err(_) => Err(format!(
                    "invalid float literal: strconv.ParseFloat: parsing {digits:?}: invalid syntax"
                )),
            };
        }
        _ => (10, "integer"),
    };
    let value = i64::from_str_radix(if radix == 10 { &digits } else { &digits[2..] }, radix);
    value.map(Kind::Int).map_err(|error| {
        let why = match error.kind() {
            std::num::IntErrorKind::PosOverflow => "value out of range",
            _ => "invalid syntax",
        };
        format!("invalid {kind} literal: strconv.ParseInt: parsing {digits:?}: {why}")
    })
}
