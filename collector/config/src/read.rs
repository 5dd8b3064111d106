//! Reading settings from a text or a tree, outside a collector's configuration.

use crate::{Error, Issue, Node, Problems, Section, Settings, merge, place::Source, within::Within, yaml};

/// Parses YAML (or JSON) that users know as `name`; its lines may be shown in errors. An empty text is null.
pub fn parse(name: &str, text: &str) -> Result<Node, Error> {
    let source = Source { name: name.into(), text: text.into(), shown: true };
    yaml::parse(source).map_err(|issue| Error::one("", issue))
}

/// Parses every document of a YAML text that users know as `name`; its lines may be shown in errors.
pub fn parse_all(name: &str, text: &str) -> Result<Vec<Node>, Error> {
    let source = Source { name: name.into(), text: text.into(), shown: true };
    yaml::parse_all(source).map_err(|issue| Error::one("", issue))
}

/// Parses the YAML text that `node` holds: a configuration inside a Kubernetes object. What is in it stands where it was
/// written in the outer text. `None` if the node is no text.
pub fn parse_inner(node: &Node) -> Option<Result<Node, Error>> {
    let text = node.as_str()?;
    let within = Within::new(text, node.place());
    Some(yaml::parse_within(text, &within).map_err(|issue| Error::one("", issue)))
}

/// Lays the configuration `over` on `under`, as a collector does with several `--config`: keys with `::` are paths,
/// mappings join key by key, and everything else (null too) replaces.
pub fn lay_over(under: &mut Node, mut over: Node) -> Result<(), Issue> {
    merge::split_keys(&mut over)?;
    merge::merge(under, over);
    Ok(())
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
