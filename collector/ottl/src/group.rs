//! Groups of statements and of conditions, compiled as components have them in their configuration.

use slimcol_ottleval::{Conditions, ErrorMode, Group, Kind, Statements, function::Functions};
use slimcol_service::Log;

use crate::{
    ast::Names,
    compile::Scope,
    infer::{Candidate, infer},
    levels::{Level, Levels},
    parser,
    place::Error,
};

/// A list as the Go collector prints it (`%+q`).
fn quoted<T: std::fmt::Debug>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<_> = items.into_iter().map(|item| format!("{item:?}")).collect();
    format!("[{}]", items.join(" "))
}

/// Everything that is wrong, in one text.
fn all<T>(results: impl Iterator<Item = Result<T, String>>) -> Result<Vec<T>, String> {
    let (mut found, mut wrong) = (Vec::new(), Vec::new());
    for result in results {
        match result {
            Ok(one) => found.push(one),
            Err(text) => wrong.push(text),
        }
    }
    if wrong.is_empty() { Ok(found) } else { Err(wrong.join("\n")) }
}

impl Levels {
    fn level(self, kind: Kind) -> Option<&'static Level> {
        self.0.iter().find(|level| level.kind == kind)
    }

    fn names(self) -> String {
        quoted(self.0.iter().map(|level| level.kind.name()))
    }

    fn candidates(self, of: fn(&Level) -> Functions) -> Vec<Candidate> {
        self.0.iter().map(|level| (level.kind, of(level))).collect()
    }

    /// Compiles statements and their conditions, about `context` or what their paths tell. The error is the Go collector's
    /// message.
    pub fn group(
        self,
        context: Option<Kind>,
        statements: &[String],
        conditions: &[String],
        on_error: ErrorMode,
    ) -> Result<Group, String> {
        let kind = match context {
            Some(kind) => kind,
            None => self.infer_statements(statements, conditions)?,
        };
        let Some(level) = self.level(kind) else {
            let all = statements.join(" ");
            return Err(format!("unknown context {:?} for statements: [{all}]", kind.name()));
        };
        let prefixed = context.is_none();
        let scope = Scope { context: kind, prefixed, functions: level.statements };
        if !prefixed && let Some(error) = statements.iter().find_map(|text| parser::statement(text).err()) {
            return Err(error.to_string());
        }
        let compile = |text: &String| scope.statement(text).map_err(|error| wrong("statement", text, &error));
        let statements = Statements { statements: all(statements.iter().map(compile))?, on_error };
        let scope = Scope { functions: level.conditions, ..scope };
        let conditions =
            if conditions.is_empty() { None } else { Some(self::conditions(scope, conditions, on_error)?) };
        Ok(Group { kind, conditions, statements })
    }

    fn infer_statements(self, statements: &[String], conditions: &[String]) -> Result<Kind, String> {
        let (names, texts, more) = (self.names(), quoted(statements), quoted(conditions));
        let found = infer(&self.candidates(|level| level.statements), statements, conditions);
        let found = found.map_err(|why| {
            format!("unable to infer a valid context ({names}) from statements {texts} and conditions {more}: {why}")
        })?;
        match found {
            // The Go collector has the lists in this order.
            None => Err(format!(
                "unable to infer context from statements {names} and conditions {texts}, path's first segment must be \
                 a valid context name {more}, and at least one context must be capable of parsing all statements"
            )),
            Some(Ok(kind)) => Ok(kind),
            Some(Err(name)) => Err(format!(
                "context {name:?} inferred from the statements {texts} and conditions {more} is not a supported context: {names}"
            )),
        }
    }

    /// Compiles conditions that are all about `context`; paths need not say so.
    pub fn conditions(
        self,
        context: Kind,
        texts: &[String],
        on_error: ErrorMode,
    ) -> Result<Conditions, String> {
        let Some(level) = self.level(context) else {
            let all = texts.join(" ");
            return Err(format!("unknown context {:?} for conditions: [{all}]", context.name()));
        };
        conditions(Scope { context, prefixed: false, functions: level.conditions }, texts, on_error)
    }

    /// Compiles conditions each of which is about what its paths tell: for each kind those about it.
    pub fn sorted(self, texts: &[String], on_error: ErrorMode) -> Result<Vec<(Kind, Conditions)>, String> {
        let mut found: Vec<(Kind, Conditions)> = Vec::new();
        for text in texts {
            let level = self.infer_condition(text)?;
            let scope = Scope { context: level.kind, prefixed: true, functions: level.conditions };
            let mut compiled = conditions(scope, std::slice::from_ref(text), on_error)?;
            match found.iter_mut().find(|(kind, _)| *kind == level.kind) {
                Some((_, all)) => all.conditions.append(&mut compiled.conditions),
                None => found.push((level.kind, compiled)),
            }
        }
        Ok(found)
    }

    fn infer_condition(self, text: &String) -> Result<&'static Level, String> {
        let (names, texts) = (self.names(), quoted([text]));
        let found = infer(&self.candidates(|level| level.conditions), &[], std::slice::from_ref(text))?;
        let unsupported = |name: &str| {
            format!(
                "context {name:?} inferred from the conditions {texts} is not a supported context: {names}"
            )
        };
        match found {
            None => Err(format!(
                "unable to infer context from conditions, path's first segment must be a valid context name: {names}, \
                 and at least one context must be capable of parsing all conditions: {texts}"
            )),
            Some(Ok(kind)) => self.level(kind).ok_or_else(|| unsupported(kind.name())),
            Some(Err(name)) => Err(unsupported(&name)),
        }
    }

    /// Says of texts whose paths lack the context's name how they are written with it.
    pub fn advise(self, context: Kind, texts: &[String], statements: bool, log: &Log) {
        let changed: Vec<_> = texts
            .iter()
            .filter_map(|text| {
                Some((text, with_prefix(context, text, statements).filter(|new| new != text)?))
            })
            .collect();
        if changed.is_empty() {
            return;
        }
        let fields: Vec<_> = changed
            .iter()
            .flat_map(|(old, new)| [("original", old.as_str().into()), ("modified", new.as_str().into())])
            .collect();
        log.info(
            "one or more paths were modified to include their context prefix, please rewrite them accordingly",
            &fields,
        );
    }
}

/// The text with the context's name before the paths that have none.
fn with_prefix(context: Kind, text: &str, statement: bool) -> Option<String> {
    let (parsed, condition);
    let names = if statement {
        parsed = parser::statement(text).ok()?;
        Names::of_statement(&parsed)
    } else {
        condition = parser::condition(text).ok()?;
        Names::of_condition(&condition)
    };
    let bare = |name: Option<&str>| name.is_none_or(|name| !context.names_context(name));
    let mut places: Vec<_> = names.paths.iter().filter(|(_, name)| bare(*name)).map(|(at, _)| at.0).collect();
    slimcol_order::sort(&mut places);
    let (mut out, mut done) = (String::new(), 0);
    for at in places {
        out.push_str(&text[done..at]);
        out.push_str(context.name());
        out.push('.');
        done = at;
    }
    out.push_str(&text[done..]);
    Some(out)
}

fn wrong(what: &str, text: &str, error: &Error) -> String {
    format!("unable to parse OTTL {what} {text:?}: {error}")
}

fn conditions(scope: Scope, texts: &[String], on_error: ErrorMode) -> Result<Conditions, String> {
    let compile = |text: &String| scope.condition(text).map_err(|error| wrong("condition", text, &error));
    Ok(Conditions { conditions: all(texts.iter().map(compile))?, on_error, all: false })
}

#[cfg(test)]
mod tests;
