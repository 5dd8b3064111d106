//! Statements printed so that they read the same again.

use std::fmt::{self, Display, Formatter};

use super::{
    Argument, ArgumentValue, Body, Call, Condition, Field, Key, Lambda, Math, Path, Statement, Value,
};

/// Prints `items` with `between` in between.
fn join<T: Display>(f: &mut Formatter<'_>, items: &[T], between: &str) -> fmt::Result {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            f.write_str(between)?;
        }
        item.fmt(f)?;
    }
    Ok(())
}

/// Prints `text` in quotes, as Go's rules for strings have it.
fn quoted(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    for letter in text.chars() {
        match letter {
            '"' | '\\' => write!(f, "\\{letter}")?,
            '\n' => f.write_str("\\n")?,
            '\t' => f.write_str("\\t")?,
            '\r' => f.write_str("\\r")?,
            letter if letter.is_control() => write!(f, "\\u{:04x}", u32::from(letter))?,
            letter => write!(f, "{letter}")?,
        }
    }
    f.write_str("\"")
}

impl Display for Statement {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.editor.fmt(f)?;
        match &self.condition {
            Some(condition) => write!(f, " where {condition}"),
            None => Ok(()),
        }
    }
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any(terms) => join(f, terms, " or "),
            Self::All(terms) => join(f, terms, " and "),
            Self::Not(inner) => write!(f, "not {inner}"),
            Self::Group(inner) => write!(f, "({inner})"),
            Self::Compare(sides, how) => write!(f, "{} {how} {}", sides.0, sides.1),
            Self::Literal(value) => value.fmt(f),
            Self::Call(call) => call.fmt(f),
        }
    }
}

impl Display for Call {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.name)?;
        join(f, &self.arguments, ", ")?;
        f.write_str(")")?;
        join(f, &self.keys, "")
    }
}

impl Display for Argument {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.name {
            write!(f, "{name} = ")?;
        }
        match &self.value {
            ArgumentValue::Value(value) => value.fmt(f),
            ArgumentValue::Function(name) => f.write_str(name),
        }
    }
}

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nil => f.write_str("nil"),
            Self::Boolean(value) => value.fmt(f),
            Self::Str(text) => quoted(f, text),
            Self::Bytes(bytes) => {
                f.write_str("0x")?;
                bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
            Self::Enum(_, name) => f.write_str(name),
            Self::Map(pairs) => {
                f.write_str("{")?;
                for (at, (key, value)) in pairs.iter().enumerate() {
                    f.write_str(if at > 0 { ", " } else { "" })?;
                    quoted(f, key)?;
                    write!(f, ": {value}")?;
                }
                f.write_str("}")
            }
            Self::List(values) => {
                f.write_str("[")?;
                join(f, values, ", ")?;
                f.write_str("]")
            }
            Self::Lambda(_, lambda) => lambda.fmt(f),
            Self::Math(math) => math.fmt(f),
        }
    }
}

impl Display for Lambda {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        join(f, &self.parameters, ", ")?;
        f.write_str(") => ")?;
        match &self.body {
            Body::Value(value) => value.fmt(f),
            Body::Condition(condition) => condition.fmt(f),
        }
    }
}

impl Display for Math {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(value) => value.fmt(f),
            // Without a point it would read as a whole number; `Display` has no exponent, which would need one too.
            Self::Float(value) if value.fract() == 0.0 => write!(f, "{value}.0"),
            Self::Float(value) => value.fmt(f),
            Self::Path(path) => path.fmt(f),
            Self::Converter(call) | Self::Editor(call) => call.fmt(f),
            Self::Signed(minus, inner) => write!(f, "{}{inner}", if *minus { '-' } else { '+' }),
            Self::Group(inner) => write!(f, "({inner})"),
            Self::Chain(first, rest) => {
                first.fmt(f)?;
                rest.iter().try_for_each(|(operator, operand)| write!(f, " {operator} {operand}"))
            }
        }
    }
}

impl Display for Path {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        join(f, &self.fields, ".")
    }
}

impl Display for Field {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        join(f, &self.keys, "")
    }
}

impl Display for Key {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        match self {
            Self::Str(text) => quoted(f, text)?,
            Self::Int(value) => value.fmt(f)?,
            Self::Math(math) => math.fmt(f)?,
        }
        f.write_str("]")
    }
}
