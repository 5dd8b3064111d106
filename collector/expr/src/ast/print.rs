//! The text of a tree, which parses to the same tree: every operand that is not a single word stands in parentheses.

use std::fmt::{Display, Formatter, Result, Write as _};

use super::{Kind, Node};
use crate::lexer::is_identifier;

impl Display for Node {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match &self.kind {
            Kind::Nil => f.write_str("nil"),
            Kind::Bool(value) => write!(f, "{value}"),
            Kind::Int(value) => write!(f, "{value}"),
            Kind::Float(value) => write!(f, "{value:?}"),
            Kind::Text(text) => quote(f, text),
            Kind::Bytes(bytes) => {
                f.write_str("b\"")?;
                bytes.iter().try_for_each(|byte| write!(f, "\\x{byte:02x}"))?;
                f.write_char('"')
            }
            Kind::Name(name) => f.write_str(name),
            Kind::Pointer(name) => write!(f, "#{name}"),
            Kind::Unary(unary, of) => write!(f, "{} {}", unary.sign(), Operand(of)),
            Kind::Logic(logic, operands) => {
                for (index, (_, operand)) in operands.iter().enumerate() {
                    if index > 0 {
                        write!(f, " {} ", logic.sign())?;
                    }
                    write!(f, "{}", Operand(operand))?;
                }
                Ok(())
            }
            Kind::Order(first, rest) => {
                write!(f, "{}", Operand(first))?;
                rest.iter().try_for_each(|(order, _, node)| write!(f, " {} {}", order.sign(), Operand(node)))
            }
            Kind::Binary(binary, sides) => {
                write!(f, "{} {} {}", Operand(&sides.0), binary.sign(), Operand(&sides.1))
            }
            Kind::If(parts) => match &parts.1 {
                Some(then) => {
                    write!(f, "{} ? {} : {}", Operand(&parts.0), Operand(then), Operand(&parts.2))
                }
                None => write!(f, "{} ?: {}", Operand(&parts.0), Operand(&parts.2)),
            },
            Kind::Member { parts, optional } => member(f, &parts.0, &parts.1, *optional),
            Kind::Chain(of) => write!(f, "{of}"),
            Kind::Slice(parts) => {
                write!(f, "{}[", Operand(&parts.0))?;
                if let Some(from) = &parts.1 {
                    write!(f, "{}", Operand(from))?;
                }
                // Blanks, as `::` would be one sign.
                f.write_str(" : ")?;
                if let Some(to) = &parts.2 {
                    write!(f, "{}", Operand(to))?;
                }
                f.write_char(']')
            }
            Kind::Call { name, args, global } => {
                write!(f, "{}{name}(", if *global { "::" } else { "" })?;
                list(f, args)?;
                f.write_char(')')
            }
            Kind::Method { object, name, args, optional } => {
                write!(f, "{}{}{name}(", Operand(object), if *optional { "?." } else { "." })?;
                list(f, args)?;
                f.write_char(')')
            }
            Kind::Predicate(of) => write!(f, "{{{of}}}"),
            Kind::Let { name, parts } => write!(f, "let {name} = {}; {}", Operand(&parts.0), parts.1),
            Kind::Sequence(nodes) => {
                for (index, node) in nodes.iter().enumerate() {
                    if index > 0 {
                        f.write_str("; ")?;
                    }
                    write!(f, "{}", Operand(node))?;
                }
                Ok(())
            }
            Kind::List(items) => {
                f.write_char('[')?;
                list(f, items)?;
                f.write_char(']')
            }
            Kind::Map(pairs) => {
                f.write_char('{')?;
                for (index, (key, value)) in pairs.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    match &key.kind {
                        Kind::Text(text) => quote(f, text)?,
                        _ => write!(f, "({key})")?,
                    }
                    write!(f, ": {value}")?;
                }
                f.write_char('}')
            }
        }
    }
}

/// A node within another.
struct Operand<'n>(&'n Node);

impl Display for Operand<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match &self.0.kind {
            Kind::Text(_)
            | Kind::Name(_)
            | Kind::Pointer(_)
            | Kind::Member { .. }
            | Kind::Chain(_)
            | Kind::Slice(_)
            | Kind::Call { .. }
            | Kind::Method { .. }
            | Kind::List(_)
            | Kind::Predicate(_) => write!(f, "{}", self.0),
            _ => write!(f, "({})", self.0),
        }
    }
}

fn member(f: &mut Formatter<'_>, object: &Node, key: &Node, optional: bool) -> Result {
    let (object_text, dot) = (Operand(object), if optional { "?." } else { "." });
    match &key.kind {
        // A dot would lengthen a chain that ends here.
        Kind::Text(name) if is_identifier(name) && !matches!(object.kind, Kind::Chain(_)) => {
            write!(f, "{object_text}{dot}{name}")
        }
        _ if optional => write!(f, "{object_text}?.[{key}]"),
        _ => write!(f, "{object_text}[{key}]"),
    }
}

fn list(f: &mut Formatter<'_>, nodes: &[Node]) -> Result {
    for (index, node) in nodes.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{node}")?;
    }
    Ok(())
}

fn quote(f: &mut Formatter<'_>, text: &str) -> Result {
    f.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' | '\\' => write!(f, "\\{c}")?,
            '\n' => f.write_str("\\n")?,
            c if c.is_control() => write!(f, "\\u{{{:x}}}", u32::from(c))?,
            c => f.write_char(c)?,
        }
    }
    f.write_char('"')
}
