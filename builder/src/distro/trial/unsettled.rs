//! Lines of a configuration whose meaning depends on what is not on this machine.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
};

use slimcol_config::{Expression, Node, expressions};

/// What is not settled here.
#[derive(Debug, Default)]
pub(super) struct Unsettled {
    /// What is missing: variables and files.
    pub(super) names: BTreeSet<String>,
    /// The values that depend on it, and what they are part of, up to their component.
    lines: BTreeSet<(PathBuf, usize)>,
}

impl Unsettled {
    /// Looks for expressions in `root` that cannot be answered on this machine.
    pub(super) fn find(root: &Node) -> Self {
        let mut unsettled = Self::default();
        unsettled.walk(root, &mut Vec::new());
        unsettled
    }

    fn walk(&mut self, node: &Node, above: &mut Vec<(PathBuf, usize)>) {
        for entry in node.entries() {
            above.push(line(entry.place().source(), entry.place().line()));
            self.walk(entry.value(), above);
            above.pop();
        }
        for item in node.items().unwrap_or_default() {
            self.walk(item, above);
        }
        if node.as_str().is_none() {
            return;
        }
        for expression in expressions(node).into_iter().flatten() {
            let Some(what) = missing(&expression) else { continue };
            self.names.insert(what);
            self.lines.insert(line(node.place().source(), node.place().line()));
            // The section itself is right whatever is in its components.
            self.lines.extend(above.iter().skip(1).cloned());
        }
    }

    /// Whether all that a collector says against its configuration is about such lines.
    pub(super) fn excuses(&self, refusal: &str) -> bool {
        let mut excused = 0;
        for part in refusal.split("\n\n") {
            match place(part) {
                Some(place) if self.lines.contains(&place) => excused += 1,
                None if part.ends_with("error(s):") => {}
                _ => return false,
            }
        }
        excused > 0
    }
}

/// What an expression asks for that is not here.
fn missing(expression: &Expression) -> Option<String> {
    let Some(rest) = &expression.rest else { return Some(format!("{}:…", expression.scheme)) };
    let is_missing = match &*expression.scheme {
        "env" => !rest.contains(":-") && env::var_os(rest).is_none_or(|value| value.is_empty()),
        "file" => !Path::new(rest).exists(),
        "yaml" => false,
        _ => true,
    };
    let name =
        if expression.scheme == "env" { rest.clone() } else { format!("{}:{rest}", expression.scheme) };
    is_missing.then_some(name)
}

/// The place that a message shows: `--> file:line:column`.
fn place(message: &str) -> Option<(PathBuf, usize)> {
    let (_, rest) = message.split_once("--> ")?;
    let mut parts = rest.lines().next()?.rsplitn(3, ':');
    let (_column, number, source) = (parts.next()?, parts.next()?, parts.next()?);
    Some(line(source, number.parse().ok()?))
}

/// A line of a file, by one name for each file.
fn line(source: &str, number: usize) -> (PathBuf, usize) {
    (fs::canonicalize(source).unwrap_or_else(|_| PathBuf::from(source)), number)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = "receivers:
  otlp:
    endpoint: ${env:SLIMCOL_TEST_UNSET}:4317
    timeout: ${env:SLIMCOL_TEST_UNSET:-1s}
exporters:
  otlp:
    tls:
      ca_file: ${file:/nowhere/at/all}
    headers: {a: b}
  debug:
    verbosity: basic
";

    #[test]
    fn only_what_follows_from_what_is_missing_is_excused() {
        let unsettled = Unsettled::find(&slimcol_config::parse("c.yaml", CONFIG).unwrap());
        assert_eq!(
            unsettled.names.iter().collect::<Vec<_>>(),
            ["SLIMCOL_TEST_UNSET", "file:/nowhere/at/all"]
        );
        for (lines, excused) in [
            (&[3][..], true),
            (&[2, 8], true),
            (&[6, 7], true),
            (&[1], false),
            (&[4], false),
            (&[5], false),
            (&[9], false),
            (&[3, 10], false),
            (&[], false),
        ] {
            let issues: Vec<String> =
                lines.iter().map(|line| format!("it is wrong\n --> c.yaml:{line}:3\n  |\n")).collect();
            assert_eq!(unsettled.excuses(&issues.join("\n\n")), excused, "{lines:?}");
        }
        let headed = "cannot unmarshal: the following error(s):\n\n'a' is bad\n --> c.yaml:3:5\n  |";
        assert!(unsettled.excuses(headed));
        assert!(!unsettled.excuses("no place at all"));
        assert!(!unsettled.excuses("elsewhere\n --> d.yaml:3:5"));
    }
}
