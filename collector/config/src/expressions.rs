//! What a configuration takes from outside: its `${scheme:…}`, without expanding them.

use crate::{Issue, Node, Place, expand::find, location::Location, node::Value};

/// An expression in a value.
#[derive(Clone, Debug)]
pub struct Expression {
    /// The provider that it asks; `env` when none is named.
    pub scheme: String,
    /// What it asks for; `None` if that depends on another expression.
    pub rest: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// Stands for what an inner expression gives: nothing that people write.
const UNKNOWN: &str = "\u{fffc}";

/// Every expression in the values of `node`, inner ones first. The issue is about one that no provider could answer.
pub fn expressions(node: &Node) -> Vec<Result<Expression, Issue>> {
    let mut found = Vec::new();
    collect(node, &mut found);
    found
}

fn collect(node: &Node, found: &mut Vec<Result<Expression, Issue>>) {
    match &node.value {
        Value::Text(text) => collect_in(text.clone(), &node.place, found),
        Value::List(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Map(entries) => entries.iter().for_each(|entry| collect(&entry.value, found)),
        _ => {}
    }
}

fn collect_in(mut text: String, place: &Place, found: &mut Vec<Result<Expression, Issue>>) {
    while let Some(at) = find(&text) {
        let location = Location::of_expression(&text[at.start + 2..at.end - 1]);
        found.push(match location {
            Ok(Location { scheme, rest }) => {
                let rest = Some(rest).filter(|rest| !rest.contains(UNKNOWN));
                Ok(Expression { scheme, rest, place: place.clone() })
            }
            Err(message) => Err(Issue::new(message).at(place.clone())),
        });
        text.replace_range(at, UNKNOWN);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    #[test]
    fn every_expression_is_found_with_its_provider() {
        for (text, expected) in [
            ("a: ${HOST}:4317", &["env HOST"][..]),
            (
                "a: ['${env:A:-x}', {b: 'x${file:/y}z${yaml:a::b: 1}'}]",
                &["env A:-x", "file /y", "yaml a::b: 1"],
            ),
            ("a: ${file:${env:DIR}/x}", &["env DIR", "file ?"]),
            ("a: $${env:A} $$${env:B} $1 {{x}} }", &["env B"]),
            ("${env:A}: ${https://h/x}", &["https //h/x"]),
            ("a: ${1x:y}", &["invalid uri: \"1x:y\""]),
            ("a: 1\nb: true\nc: ~", &[]),
        ] {
            let found: Vec<String> = expressions(&parse("f", text).unwrap())
                .into_iter()
                .map(|one| match one {
                    Ok(Expression { scheme, rest, .. }) => {
                        format!("{scheme} {}", rest.as_deref().unwrap_or("?"))
                    }
                    Err(issue) => issue.message,
                })
                .collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
