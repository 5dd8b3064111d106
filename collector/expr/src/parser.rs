//! Tokens to a tree, by precedence climbing; what binds how tightly is the Go library's table.

mod operand;

use slimcol_expreval::{Fault, Order};

use crate::{
    ast::{Binary, DEPTH, Kind, Logic, Node, Unary},
    lexer::{Lexeme, Token, tokens},
};

/// The most nodes of an expression; Go's figure.
const NODES: usize = 10_000;

/// The tree of an expression.
pub(crate) fn parse(source: &str) -> Result<Node, Fault> {
    let mut parser = Parser { tokens: tokens(source), next: 0, nodes: 0, nested: 0, predicates: 0 };
    parser.broken()?;
    let node = parser.sequence()?;
    match parser.current().lexeme {
        Lexeme::End => Ok(node),
        _ => Err(parser.unexpected()),
    }
}

struct Parser<'s> {
    tokens: Vec<Token<'s>>,
    next: usize,
    nodes: usize,
    nested: u16,
    /// How many predicates are around, where `#` and `.field` mean the item.
    predicates: u16,
}

fn binds(sign: &str) -> Option<u16> {
    Some(match sign {
        "|" => 0,
        "or" | "||" => 10,
        "and" | "&&" => 15,
        "==" | "!=" | "<" | ">" | "<=" | ">=" | "in" | "matches" | "contains" | "startsWith" | "endsWith" => {
            20
        }
        ".." => 25,
        "+" | "-" => 30,
        "*" | "/" | "%" => 60,
        "**" | "^" => 100,
        "??" => 500,
        _ => return None,
    })
}

impl<'s> Parser<'s> {
    fn current(&self) -> &Token<'s> {
        &self.tokens[self.next]
    }

    fn at(&self) -> u32 {
        self.current().at
    }

    /// Goes on to the next token.
    fn advance(&mut self) -> Result<(), Fault> {
        if self.next + 1 < self.tokens.len() {
            self.next += 1;
        }
        self.broken()
    }

    fn broken(&self) -> Result<(), Fault> {
        match &self.current().lexeme {
            Lexeme::Broken(message) => Err(Fault { message: message.clone(), at: self.at() }),
            _ => Ok(()),
        }
    }

    fn operator(&self) -> Option<&'s str> {
        match self.current().lexeme {
            Lexeme::Operator(sign) => Some(sign),
            _ => None,
        }
    }

    fn is(&self, sign: &str) -> bool {
        matches!(self.current().lexeme, Lexeme::Operator(found) | Lexeme::Bracket(found) if found == sign)
    }

    fn skip(&mut self, sign: &str) -> Result<bool, Fault> {
        let found = self.is(sign);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    fn expect(&mut self, sign: &str) -> Result<(), Fault> {
        if self.skip(sign)? { Ok(()) } else { Err(self.unexpected()) }
    }

    fn identifier(&mut self) -> Result<(&'s str, u32), Fault> {
        let at = self.at();
        let Lexeme::Identifier(name) = self.current().lexeme else { return Err(self.unexpected()) };
        self.advance()?;
        Ok((name, at))
    }

    fn unexpected(&self) -> Fault {
        self.fault(format!("unexpected token {}", self.current()))
    }

    fn fault(&self, message: impl Into<String>) -> Fault {
        Fault { message: message.into(), at: self.at() }
    }

    fn node(&mut self, at: u32, kind: Kind) -> Result<Node, Fault> {
        self.nodes += 1;
        if self.nodes > NODES {
            return Err(self.fault("compilation failed: expression exceeds maximum allowed nodes"));
        }
        let depth = 1 + below(&kind);
        if depth > DEPTH {
            return Err(Fault { message: format!("expression nests deeper than {DEPTH}"), at });
        }
        Ok(Node { kind, at, depth })
    }

    /// Calls `parse` one level deeper.
    fn deeper<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        if self.nested >= DEPTH {
            return Err(self.fault(format!("expression nests deeper than {DEPTH}")));
        }
        self.nested += 1;
        let result = parse(self);
        self.nested -= 1;
        result
    }

    /// Expressions separated by `;`.
    fn sequence(&mut self) -> Result<Node, Fault> {
        let first = self.expression(0)?;
        let at = first.at;
        let mut nodes = vec![first];
        while self.skip(";")? {
            if self.current().lexeme == Lexeme::End {
                break;
            }
            nodes.push(self.expression(0)?);
        }
        match nodes.len() {
            1 => Ok(nodes.remove(0)),
            _ => self.node(at, Kind::Sequence(nodes)),
        }
    }

    /// An expression whose operators bind at least as tightly as `least`.
    fn expression(&mut self, least: u16) -> Result<Node, Fault> {
        self.deeper(|parser| {
            if least == 0 && parser.is("let") {
                return parser.declaration();
            }
            if least == 0 && parser.is("if") {
                return parser.conditional();
            }
            let node = parser.operators(least)?;
            if least == 0 { parser.ternary(node) } else { Ok(node) }
        })
    }

    fn operators(&mut self, least: u16) -> Result<Node, Fault> {
        let mut left = self.primary()?;
        let mut before = "";
        while let Some(first) = self.operator() {
            let (mut sign, mut at) = (first, self.at());
            let negated = sign == "not";
            if negated {
                let Some(Token { lexeme: Lexeme::Operator(second), at: second_at }) =
                    self.tokens.get(self.next + 1).cloned()
                else {
                    self.advance()?;
                    return Err(self.unexpected());
                };
                if !matches!(second, "contains" | "matches" | "startsWith" | "endsWith" | "in") {
                    self.advance()?;
                    return Err(self.unexpected());
                }
                (sign, at) = (second, second_at);
            }
            let Some(strength) = binds(sign).filter(|strength| *strength >= least) else { break };
            if negated {
                self.advance()?;
            }
            self.advance()?;
            if sign == "|" {
                let (name, at) = self.identifier()?;
                left = self.call(name, at, Some(left), false)?;
                before = sign;
                continue;
            }
            if before == "??" && sign != "??" {
                let message = format!(
                    "Operator ({sign}) and coalesce expressions (??) cannot be mixed. Wrap either by parentheses."
                );
                return Err(Fault { message, at });
            }
            before = sign;
            if let Some(order) = Order::of(sign) {
                left = self.ordered(left, order, at, strength)?;
                continue;
            }
            let right = self.expression(if matches!(sign, "**" | "^") { strength } else { strength + 1 })?;
            left = self.joined(left, sign, at, right)?;
            if negated {
                left = self.node(at, Kind::Unary(Unary::Not, Box::new(left)))?;
            }
        }
        Ok(left)
    }

    fn joined(&mut self, left: Node, sign: &str, at: u32, right: Node) -> Result<Node, Fault> {
        let logic = match sign {
            "and" | "&&" => Logic::And,
            "or" | "||" => Logic::Or,
            _ => {
                let binary = Binary::of(sign).ok_or_else(|| self.unexpected())?;
                return self.node(at, Kind::Binary(binary, Box::new((left, right))));
            }
        };
        match left {
            Node { kind: Kind::Logic(former, mut operands), .. } if former == logic => {
                operands.push((at, right));
                self.node(at, Kind::Logic(logic, operands))
            }
            left => self.node(at, Kind::Logic(logic, vec![(at, left), (at, right)])),
        }
    }

    fn ordered(&mut self, first: Node, order: Order, at: u32, strength: u16) -> Result<Node, Fault> {
        let mut rest = vec![(order, at, self.expression(strength + 1)?)];
        while let Some(order) = self.operator().and_then(Order::of) {
            let at = self.at();
            self.advance()?;
            rest.push((order, at, self.expression(strength + 1)?));
        }
        self.node(at, Kind::Order(Box::new(first), rest))
    }

    fn ternary(&mut self, mut node: Node) -> Result<Node, Fault> {
        while self.skip("?")? {
            let then = if self.is(":") { None } else { Some(self.expression(0)?) };
            self.expect(":")?;
            let other = self.expression(0)?;
            let at = self.at();
            node = self.node(at, Kind::If(Box::new((node, then, other))))?;
        }
        Ok(node)
    }

    fn declaration(&mut self) -> Result<Node, Fault> {
        self.expect("let")?;
        let (name, at) = self.identifier()?;
        self.expect("=")?;
        let value = self.expression(0)?;
        self.expect(";")?;
        let body = self.deeper(Self::sequence)?;
        self.node(at, Kind::Let { name: name.into(), parts: Box::new((value, body)) })
    }

    /// `if a { b } else { c }`.
    fn conditional(&mut self) -> Result<Node, Fault> {
        let at = self.at();
        self.expect("if")?;
        let condition = self.expression(0)?;
        self.expect("{")?;
        let then = self.sequence()?;
        self.expect("}")?;
        self.expect("else")?;
        let other = if self.is("if") {
            self.deeper(Self::conditional)?
        } else {
            self.expect("{")?;
            let other = self.sequence()?;
            self.expect("}")?;
            other
        };
        self.node(at, Kind::If(Box::new((condition, Some(then), other))))
    }
}

/// The depth of the deepest child.
fn below(kind: &Kind) -> u16 {
    let deepest = |nodes: &[Node]| nodes.iter().map(|node| node.depth).max().unwrap_or_default();
    let optional = |node: &Option<Node>| node.as_ref().map_or(0, |node| node.depth);
    match kind {
        Kind::Nil
        | Kind::Bool(_)
        | Kind::Int(_)
        | Kind::Float(_)
        | Kind::Text(_)
        | Kind::Bytes(_)
        | Kind::Name(_)
        | Kind::Pointer(_) => 0,
        Kind::Unary(_, of) | Kind::Chain(of) | Kind::Predicate(of) => of.depth,
        Kind::Logic(_, operands) => operands.iter().map(|(_, node)| node.depth).max().unwrap_or_default(),
        Kind::Order(first, rest) => {
            rest.iter().map(|(_, _, node)| node.depth).max().unwrap_or_default().max(first.depth)
        }
        Kind::Binary(_, sides) => sides.0.depth.max(sides.1.depth),
        Kind::If(parts) => parts.0.depth.max(optional(&parts.1)).max(parts.2.depth),
        Kind::Member { parts, .. } | Kind::Let { parts, .. } => parts.0.depth.max(parts.1.depth),
        Kind::Slice(parts) => parts.0.depth.max(optional(&parts.1)).max(optional(&parts.2)),
        Kind::Call { args, .. } => deepest(args),
        Kind::Method { object, args, .. } => object.depth.max(deepest(args)),
        Kind::Sequence(nodes) | Kind::List(nodes) => deepest(nodes),
        Kind::Map(pairs) => {
            pairs.iter().map(|(key, value)| key.depth.max(value.depth)).max().unwrap_or_default()
        }
    }
}
