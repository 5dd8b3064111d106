//! Reading settings from a text or a tree, outside a collector's configuration.

use crate::{Error, Issue, Node, Problems, Section, Settings, place::Source, yaml};

/// Parses YAML (or JSON) that users know as `name`; its lines may be shown in errors. An empty text is null.
pub fn parse(name: &str, text: &str) -> Result<Node, Error> {
    let source = Source { name: name.into(), text: text.into(), shown: true };
    yaml::parse(source).map_err(|issue| Error::one("", issue))
}

/// Reads and validates `T`; the error is all that is wrong.
pub fn read<T: Settings>(node: &Node) -> Result<T, Vec<Issue>> {
    let mut section = Section::new(Some(node), "");
    let value = T::read(&mut section);
    let issues = section.finish().issues;
    if !issues.is_empty() {
        return Err(issues);
    }
    let mut problems = Problems::new(Some(node), None, "");
    value.validate(&mut problems);
    let issues = problems.finish();
    if issues.is_empty() { Ok(value) } else { Err(issues) }
}

/// For tests: reads `T` from YAML text; the error is every message, joined by newlines.
pub fn from_yaml<T: Settings>(text: &str) -> Result<T, String> {
    let joined = |issues: &[Issue]| issues.iter().map(|i| i.message.as_str()).collect::<Vec<_>>().join("\n");
    let node = parse("test.yaml", text).map_err(|e| joined(e.issues()))?;
    read(&node).map_err(|issues| joined(&issues))
}
