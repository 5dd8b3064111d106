//! From locations to one tree: retrieve, parse, merge, expand.

use std::{collections::HashMap, future::Future, sync::Arc};

use crate::{
    Error, Issue, Node, Note, Place, Retrieved,
    expand::{Answer, BUDGET, Known, Pass, ROUNDS, unescape},
    location::Location,
    merge::{merge, split_keys},
    nearest,
    node::Value,
    place::Source,
    yaml,
};

/// What users read where a file's name stands elsewhere.
const BUILT_IN: &str = "built-in configuration";

/// The providers that a collector was built with.
pub trait Fetch: Sync {
    /// The schemes that there are.
    fn schemes(&self) -> Vec<&'static str>;

    /// Retrieves `location` (what stands behind `scheme:`) through the provider of `scheme`, one of [`Fetch::schemes`].
    /// The error is the whole text that users see.
    fn fetch(
        &self,
        scheme: &str,
        location: &str,
    ) -> impl Future<Output = Result<Retrieved, Box<dyn std::error::Error + Send + Sync>>> + Send;
}

/// A configuration, merged and expanded.
#[derive(Debug)]
pub struct Loaded {
    /// The tree; a mapping.
    pub root: Node,
    /// What is to be logged once there is a log.
    pub notes: Vec<Note>,
}

/// Loads the text that is `built_in`, `locations` (`--config`) and then `sets` (`--set a.b=c`), each over the ones before,
/// and expands `${…}`. The error is complete (`failed to get config: cannot resolve the configuration: …`).
pub async fn load(
    built_in: Option<&str>,
    locations: &[String],
    sets: &[String],
    fetch: &impl Fetch,
) -> Result<Loaded, Error> {
    let locations = check(locations, fetch)?;
    let mut root = Node::empty(Place::named("configuration"));
    let mut notes = Vec::new();
    if let Some(text) = built_in {
        let source = Source { name: BUILT_IN.into(), text: text.into(), shown: true };
        lay(&mut root, source).map_err(unresolved)?;
    }
    for location in &locations {
        let retrieved = fetch.fetch(&location.scheme, &location.rest).await;
        let retrieved = retrieved
            .map_err(|e| unresolved(Issue::new(format!("cannot retrieve the configuration: {e}"))))?;
        notes.extend(retrieved.warning);
        let shown = !matches!(location.scheme.as_str(), "env" | "yaml");
        let name = if location.scheme == "yaml" { "yaml:".into() } else { retrieved.name };
        let source = Source { name, text: retrieved.text, shown };
        lay(&mut root, source).map_err(unresolved)?;
    }
    for set in sets {
        lay(&mut root, set_source(set).map_err(|message| Error::one("", Issue::new(message)))?)
            .map_err(unresolved)?;
    }
    expand(&mut root, &mut notes, fetch).await.map_err(unresolved)?;
    Ok(Loaded { root, notes })
}

fn unresolved(issue: Issue) -> Error {
    Error::one("failed to get config: cannot resolve the configuration: ", issue)
}

/// All locations are checked before any is retrieved.
fn check(locations: &[String], fetch: &impl Fetch) -> Result<Vec<Location>, Error> {
    let schemes = fetch.schemes();
    let check = |text: &String| {
        let location = Location::of_config(text).map_err(Issue::new)?;
        if schemes.contains(&location.scheme.as_str()) {
            return Ok(location);
        }
        let meant = nearest(&location.scheme, schemes.iter().copied());
        Err(Issue::new(format!("unsupported scheme on URI {text:?}")).meant(meant))
    };
    locations.iter().map(check).collect::<Result<_, _>>().map_err(|issue| Error::one("", issue))
}

/// `a.b.c=value` as YAML.
fn set_source(set: &str) -> Result<Source, String> {
    let Some((key, value)) = set.split_once('=') else {
        return Err(format!("invalid argument {set:?} for \"--set\" flag: missing equal sign"));
    };
    let text = format!("{}: {}", key.trim().replace('.', "::"), value.trim());
    Ok(Source { name: format!("--set {}", key.trim()), text, shown: false })
}

/// Parses a source and lays it over `root`.
fn lay(root: &mut Node, source: Source) -> Result<(), Issue> {
    const UNUSABLE: &str = "cannot be used as a Conf";
    let mut node = yaml::parse(source).map_err(|mut issue| {
        let why = "assuming string type since contents are not valid YAML";
        issue.message = format!("retrieved value (type=string) {UNUSABLE}: {why}: {}", issue.message);
        issue
    })?;
    match node.value {
        Value::Null => Ok(()),
        Value::Map(_) => {
            split_keys(&mut node)?;
            merge(root, node);
            Ok(())
        }
        _ => {
            let message = format!("retrieved value (type={}) {UNUSABLE}", node.go_type());
            Err(Issue::new(message).at(node.place))
        }
    }
}

async fn expand(root: &mut Node, notes: &mut Vec<Note>, fetch: &impl Fetch) -> Result<(), Issue> {
    let mut known: Known = HashMap::new();
    let mut budget = BUDGET;
    for _ in 0..ROUNDS {
        let mut pass = Pass::new(&known, &mut budget);
        pass.expand(root)?;
        let missing = pass.missing;
        if missing.is_empty() {
            unescape(root);
            return split_keys(root);
        }
        for (uri, (location, _)) in missing {
            let answer = retrieve(&location, notes, fetch).await;
            known.insert(uri, answer);
        }
    }
    Err(Issue::new("too many recursive expansions"))
}

async fn retrieve(location: &Location, notes: &mut Vec<Note>, fetch: &impl Fetch) -> Result<Answer, Issue> {
    let schemes = fetch.schemes();
    let (scheme, uri) = (location.scheme.as_str(), location.text());
    if !schemes.contains(&scheme) {
        let issue = Issue::new(format!("scheme {scheme:?} is not supported for uri {uri:?}"));
        if location.rest.starts_with('-') {
            return Err(issue.help(format!("a default value needs the scheme: `${{env:{uri}}}`")));
        }
        return Err(issue.meant(nearest(scheme, schemes)));
    }
    let retrieved = fetch.fetch(scheme, &location.rest).await.map_err(|e| Issue::new(e.to_string()))?;
    notes.extend(retrieved.warning);
    Ok(answer(retrieved.name, retrieved.text))
}

/// Text that is a string in YAML, or no YAML at all, stays as it is.
fn answer(name: String, text: String) -> Answer {
    let parsed = yaml::parse(Source { name: name.clone(), text: text.clone(), shown: false });
    let value = match parsed {
        Ok(node) if !matches!(node.value, Value::Text(_)) => node,
        _ => {
            let source = Arc::new(Source { name, text: String::new(), shown: false });
            Node::new(Value::Text(text.clone()), Place::new(&source, 1, 1, 1))
        }
    };
    Answer { value, text }
}

#[cfg(test)]
mod tests;
