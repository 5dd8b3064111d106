//! `SLIMCOL_DIST_…`: environment variables that stand for keys of `dist`.

use std::path::Path;

use slimcol_config::{Issue, Node, Place, nearest, parse};

use super::{
    Findings,
    schema::{self, Key, Value},
};

/// What the names of these variables begin with.
const PREFIX: &str = "SLIMCOL_DIST_";

/// Puts the values of variables in the place of what the manifest says. An empty variable is none. Relative paths start from
/// the working directory, as on a command line. A variable for which there is no key is an issue.
pub(super) fn apply(root: &mut Node, findings: &mut Findings) {
    let variables = std::env::vars_os().filter_map(|(name, value)| {
        let name = name.into_string().ok().filter(|name| name.starts_with(PREFIX))?;
        Some((name, value.to_string_lossy().into_owned()))
    });
    let working = std::env::current_dir().unwrap_or_default();
    put(root, variables.collect(), &working, findings);
}

fn put(root: &mut Node, mut variables: Vec<(String, String)>, working: &Path, findings: &mut Findings) {
    variables.sort();
    for (name, value) in variables.into_iter().filter(|(_, value)| !value.is_empty()) {
        let Some(key) = keys().find(|key| variable(key) == name) else {
            findings.issue(unknown(&name));
            continue;
        };
        let place = Place::named(&name);
        let node = match key.value {
            Value::Path => Node::text(working.join(&value).to_string_lossy(), place),
            Value::List | Value::Free => match parse(&name, &value) {
                Ok(mut node) => {
                    node.stand_at(&place);
                    node
                }
                Err(error) => {
                    error.issues().iter().for_each(|issue| findings.issue(issue.clone()));
                    continue;
                }
            },
            _ => Node::text(value, place),
        };
        let path: Vec<&str> = key.within.split('.').chain([key.name]).collect();
        root.put(&path, node);
    }
}

/// The keys that a variable can stand for: all of `dist` and below that are no mappings.
pub(super) fn keys() -> impl Iterator<Item = &'static Key> {
    let inside = |within: &str| within == "dist" || within.starts_with("dist.");
    schema::all().filter(move |key| inside(key.within) && key.value != Value::Mapping)
}

/// The variable that stands for a key.
pub(super) fn variable(key: &Key) -> String {
    format!("SLIMCOL_{}_{}", key.within, key.name).replace(['.', '-'], "_").to_uppercase()
}

fn unknown(name: &str) -> Issue {
    let known: Vec<String> = keys().map(variable).collect();
    let short = |name: &str| name.trim_start_matches(PREFIX).to_owned();
    let rest: Vec<String> = known.iter().map(|name| short(name)).collect();
    let issue = Issue::new(format!("`{name}` stands for no key of `dist`"));
    // The prefix would make any two names alike.
    match nearest(&short(name), rest.iter().map(String::as_str)) {
        Some(rest) => issue.meant(Some(&format!("{PREFIX}{rest}"))),
        None => issue.help("docs/ocb.md lists those that there are"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overridden(text: &str, variables: &[(&str, &str)]) -> (Node, Vec<String>) {
        let mut root = parse("manifest.yaml", text).unwrap();
        let mut findings = Findings::default();
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        put(&mut root, variables.collect(), Path::new("/working"), &mut findings);
        let issues = match findings.into_result() {
            Err(crate::error::Error::Manifest(issues)) => issues,
            _ => Vec::new(),
        };
        let said =
            issues.into_iter().map(|issue| format!("{} | {}", issue.message, issue.help.unwrap_or_default()));
        (root, said.collect())
    }

    #[test]
    fn a_variable_stands_for_its_key() {
        let text = "DIST: {Name: a, version: 1.0}";
        let variables =
            [("SLIMCOL_DIST_NAME", "b"), ("SLIMCOL_DIST_VERSION", ""), ("SLIMCOL_DIST_OUTPUT_PATH", "x")];
        let (root, issues) = overridden(text, &variables);
        assert_eq!(issues, Vec::<String>::new());
        let dist = root.get("DIST").unwrap();
        assert_eq!(dist.get("Name").unwrap().as_str(), Some("b"));
        assert_eq!(dist.entry("Name").unwrap().place().to_string(), "SLIMCOL_DIST_NAME");
        assert_eq!(dist.get("version").unwrap().as_f64(), Some(1.0), "an empty variable is none");
        assert_eq!(dist.get("output_path").unwrap().as_str(), Some("/working/x"));
        let (root, _) = overridden("receivers: [otlp]", &[("SLIMCOL_DIST_NAME", "b")]);
        assert_eq!(
            root.get("dist").unwrap().get("name").unwrap().as_str(),
            Some("b"),
            "dist need not be there"
        );
    }

    #[test]
    fn a_list_is_written_as_in_yaml() {
        let name = "SLIMCOL_DIST_RESOURCE_DETECTION_DETECTORS";
        let (root, issues) = overridden("dist: {}", &[(name, "[env:, gcp:]")]);
        assert_eq!(issues, Vec::<String>::new());
        let detection = root.get("dist").unwrap().get("resource").unwrap().get("detection").unwrap();
        assert_eq!(detection.get("detectors").unwrap().items().unwrap().len(), 2);
        let (_, issues) = overridden("dist: {}", &[(name, "[a")]);
        assert!(issues[0].starts_with("yaml: line 1: unclosed bracket"), "{issues:?}");
    }

    #[test]
    fn a_variable_without_a_key_is_refused() {
        for (name, expected) in [
            (
                "SLIMCOL_DIST_NMAE",
                "`SLIMCOL_DIST_NMAE` stands for no key of `dist` | did you mean `SLIMCOL_DIST_NAME`?",
            ),
            (
                "SLIMCOL_DIST_RESOURCE",
                "`SLIMCOL_DIST_RESOURCE` stands for no key of `dist` | docs/ocb.md lists those that there are",
            ),
        ] {
            assert_eq!(overridden("dist: {}", &[(name, "x")]).1, [expected], "{name}");
        }
    }

    #[test]
    fn no_two_keys_share_a_variable() {
        let mut names: Vec<String> = keys().map(variable).collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert!(all > 10 && names.len() == all);
    }
}
