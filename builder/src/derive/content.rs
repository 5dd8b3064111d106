//! What a file holds: a collector's configuration, or something that has one inside.

use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use slimcol_config::{Issue, Node};

use super::{
    helm::{self, Nulls},
    kubernetes,
};
use crate::{class::Class, error::Error, manifest::Findings};

/// What a collector reads of a file at most.
pub(super) const BYTES: u64 = 64 << 20;

/// What was found in a file.
#[derive(Debug)]
pub(super) enum Content {
    /// Configurations, each for a collector of its own.
    Configurations(Vec<Found>),
    /// Values of the Helm chart, which may go on in the next file.
    Values { values: Node, source: String },
}

/// A configuration and where it was found.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) root: Node,
    /// Its text, where it is written as one.
    pub(super) text: Option<String>,
    /// Where it comes from, for people.
    pub(super) source: String,
    /// The file, if it holds the configuration and nothing else.
    pub(super) file: Option<PathBuf>,
    /// What the object that it stands in is called.
    pub(super) name: Option<String>,
}

/// What stands at the top of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Nothing,
    Configuration,
    Object,
    Values,
    Dependencies,
    Other,
}

/// Reads no more than it takes to know that it is too much: a device never ends. Pipes are read too.
fn read_from(from: impl io::Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(BYTES + 1).read_to_end(&mut bytes).map(|_| bytes)
}

/// Reads `path`; `-` is standard input.
pub(super) fn read(path: &Path, findings: &mut Findings) -> Result<Content, Error> {
    let (name, bytes) = if path == Path::new("-") {
        ("<stdin>".to_owned(), read_from(io::stdin().lock()))
    } else {
        (path.display().to_string(), File::open(path).and_then(read_from))
    };
    let bytes = bytes.map_err(|e| Error::manifest(format!("cannot read the configuration `{name}`: {e}")))?;
    if bytes.len() as u64 > BYTES {
        return Err(Error::manifest(format!(
            "`{name}` is larger than {} MiB: no collector reads such a configuration",
            BYTES >> 20
        )));
    }
    let text =
        String::from_utf8(bytes).map_err(|_| Error::manifest(format!("`{name}` is not UTF-8 text")))?;
    // A collector reads the first document of a file, kubectl all of them.
    let documents =
        slimcol_config::parse_all(&name, &text).map_err(|e| Error::Manifest(e.issues().to_vec()))?;
    let documents: Vec<(Kind, Node)> = documents
        .into_iter()
        .map(|node| (kind(&node), node))
        .filter(|(kind, _)| *kind != Kind::Nothing)
        .collect();
    match documents.first().map(|(kind, _)| *kind) {
        Some(Kind::Configuration) => {
            let root = documents.into_iter().map(|(_, root)| root).next();
            let is_file = path.is_file().then(|| path.to_path_buf());
            let found =
                root.map(|root| Found { root, text: Some(text), source: name, file: is_file, name: None });
            return Ok(Content::Configurations(found.into_iter().collect()));
        }
        Some(Kind::Values) => {
            let values = documents.into_iter().map(|(_, values)| values).next();
            return Ok(values.map_or(Content::Configurations(Vec::new()), |values| Content::Values {
                values,
                source: name,
            }));
        }
        Some(_) => {}
        None => findings.issue(Issue::new(format!("`{name}` is empty: there is no configuration in it"))),
    }
    let mut found = Vec::new();
    for (kind, root) in &documents {
        match kind {
            Kind::Object => kubernetes::collect(root, &name, &mut found, findings),
            Kind::Dependencies => {
                for entry in helm::dependencies(root) {
                    let source = format!("{name}: values of `{}`", entry.key());
                    let name = Some(entry.key().to_owned());
                    let root = helm::render(entry.value(), Nulls::Lost, findings);
                    found.push(Found { root, text: None, source, file: None, name });
                }
            }
            _ => findings.issue(not_understood(root)),
        }
    }
    if found.is_empty() && !documents.is_empty() && !findings.has_issues() {
        findings.issue(nothing_inside(&documents, &name));
    }
    Ok(Content::Configurations(found))
}

/// Whether `node` can be a collector's configuration, whole or in part.
pub(super) fn is_configuration(node: &Node) -> bool {
    let component = |class: &Class| *class != Class::Provider;
    node.entries().iter().any(|entry| match entry.key().split("::").next().unwrap_or_default() {
        // Helm values have a section of that name too.
        "service" => {
            let ours =
                |e: &slimcol_config::Entry| matches!(e.key(), "pipelines" | "extensions" | "telemetry");
            entry.key().contains("::") || entry.value().entries().iter().any(ours)
        }
        key => Class::from_section(key).as_ref().is_some_and(component),
    })
}

fn kind(node: &Node) -> Kind {
    if node.is_null() {
        Kind::Nothing
    } else if node.get("apiVersion").is_some() && node.get("kind").is_some() {
        Kind::Object
    } else if is_configuration(node) {
        Kind::Configuration
    } else if helm::is_values(node) {
        Kind::Values
    } else if helm::dependencies(node).next().is_some() {
        Kind::Dependencies
    } else {
        Kind::Other
    }
}

fn not_understood(node: &Node) -> Issue {
    let place = node.entries().first().map_or(node.place(), |entry| entry.place());
    Issue::new("no collector configuration, Kubernetes object or Helm values")
        .at(place.clone())
        .help("a configuration has keys such as `receivers`, `exporters` and `service`")
}

fn nothing_inside(documents: &[(Kind, Node)], name: &str) -> Issue {
    let mut kinds: Vec<&str> =
        documents.iter().filter_map(|(_, node)| node.get("kind").and_then(Node::as_str)).collect();
    kinds.dedup();
    Issue::new(format!("there is no collector configuration in `{name}`"))
        .help(format!("it holds {}; a ConfigMap or an OpenTelemetryCollector would do", kinds.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_never_ends_is_not_read_to_its_end() {
        let error = read(Path::new("/dev/zero"), &mut Findings::default()).unwrap_err();
        let said = "`/dev/zero` is larger than 64 MiB: no collector reads such a configuration";
        assert!(error.to_string().contains(said), "{error}");
    }
}
