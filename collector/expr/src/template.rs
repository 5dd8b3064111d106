use crate::{Environment, Program, Value};

const OPEN: &str = "EXPR(";
const CLOSE: char = ')';

/// A text with expressions in it: `host-EXPR(attributes.host)`.
#[derive(Debug)]
pub struct Template {
    /// Texts, each with the expression behind it.
    parts: Vec<(Box<str>, Program)>,
    rest: Box<str>,
}

impl Template {
    /// Compiles the expressions of a text. One reaches to the last parenthesis before the next `EXPR(`; what has none is
    /// text.
    pub fn compile(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(start) = rest.find(OPEN) {
            let inside = &rest[start + OPEN.len()..];
            let reach = inside.find(OPEN).unwrap_or(inside.len());
            let Some(end) = inside[..reach].rfind(CLOSE) else { break };
            let program = Program::compile(&inside[..end])
                .map_err(|error| format!("compile embedded expression: {error}"))?;
            parts.push((rest[..start].into(), program));
            rest = &inside[end + CLOSE.len_utf8()..];
        }
        Ok(Self { parts, rest: rest.into() })
    }

    /// The text with the values of its expressions, which must be texts.
    pub fn render(&self, env: &dyn Environment) -> Result<String, String> {
        let mut text = String::new();
        for (before, program) in &self.parts {
            text.push_str(before);
            match program.eval(env) {
                Ok(Value::Text(value)) => text.push_str(&value),
                Ok(other) => {
                    return Err(format!("embedded expression returned non-string {}", other.to_text()));
                }
                Err(error) => return Err(format!("render embedded expression: {error}")),
            }
        }
        text.push_str(&self.rest);
        Ok(text)
    }

    /// The text, if there are no expressions in it.
    pub fn plain(&self) -> Option<&str> {
        self.parts.is_empty().then_some(&*self.rest)
    }

    /// The expression that a text is as a whole: its value may be of any type where that is allowed.
    pub fn whole(text: &str) -> Option<&str> {
        text.strip_prefix(OPEN)?.strip_suffix(CLOSE)
    }
}
