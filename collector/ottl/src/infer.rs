//! What a group of statements is about, where nobody says so: the innermost context that its paths name, or one within that
//! has the functions and enums that it uses.

use slimcol_ottleval::{Kind, function::Functions};

use crate::{
    ast::{self, Names},
    parser,
};

/// A context that statements may be about, and the functions that there are in it.
pub(crate) type Candidate = (Kind, Functions);

/// Contexts, the innermost first: of those that are named the first is taken.
const PRIORITY: [Kind; 8] = [
    Kind::Log,
    Kind::Exemplar,
    Kind::DataPoint,
    Kind::Metric,
    Kind::SpanEvent,
    Kind::Span,
    Kind::Scope,
    Kind::Resource,
];

/// Infers the context of `statements` and `conditions` together; `None` if no path names one. The error is the Go
/// collector's, as far as it is about the inference.
pub(crate) fn infer(
    candidates: &[Candidate],
    statements: &[String],
    conditions: &[String],
) -> Result<Option<Result<Kind, String>>, String> {
    let statements = statements.iter().map(|source| parser::statement(source).map_err(|e| e.to_string()));
    let statements = statements.collect::<Result<Vec<ast::Statement>, _>>()?;
    let conditions = conditions.iter().map(|source| parser::condition(source).map_err(|e| e.to_string()));
    let conditions = conditions.collect::<Result<Vec<ast::Condition>, _>>()?;
    let all: Vec<Names<'_>> = statements
        .iter()
        .map(Names::of_statement)
        .chain(conditions.iter().map(Names::of_condition))
        .collect();
    // What is no context's name comes last.
    let rank = |name: &str| PRIORITY.iter().position(|kind| kind.name() == name).unwrap_or(PRIORITY.len());
    let named = all.iter().flat_map(|names| names.paths.iter().filter_map(|(_, context)| *context));
    let Some(name) = named.min_by_key(|name| rank(name)) else { return Ok(None) };
    let functions = slimcol_order::set(all.iter().flat_map(|names| names.functions.iter().copied()));
    let enums = slimcol_order::set(all.iter().flat_map(|names| names.enums.iter().copied()));
    let find = |name: &str| candidates.iter().find(|(kind, _)| kind.name() == name);
    let Some(candidate) = find(name) else {
        return if functions.is_empty() && enums.is_empty() {
            Ok(Some(Err(name.to_owned())))
        } else {
            Err(format!("inferred context \"{name}\" is not a valid candidate"))
        };
    };
    let fits = |(kind, all): &Candidate| -> Result<Kind, String> {
        let has = |name: &str| all.find(name).is_some();
        if let Some(missing) = functions.iter().find(|name| !has(name)) {
            return Err(format!(
                "inferred context \"{}\" does not support the function \"{missing}\"",
                kind.name()
            ));
        }
        match enums.iter().find(|name| kind.symbol(name).is_none()) {
            Some(missing) => Err(format!(
                "inferred context \"{}\" does not support the enum symbol \"{missing}\"",
                kind.name()
            )),
            None => Ok(*kind),
        }
    };
    let why = match fits(candidate) {
        Ok(kind) => return Ok(Some(Ok(kind))),
        Err(why) => why,
    };
    let within = |kind: &Kind| *kind != candidate.0 && kind.sees(candidate.0);
    let inner = PRIORITY.iter().filter(|kind| within(kind)).filter_map(|kind| find(kind.name()));
    inner.into_iter().find_map(|candidate| fits(candidate).ok()).map(|kind| Some(Ok(kind))).ok_or(why)
}
