//! `scrape_config_files`: scrape configurations in files of their own.

use std::{fs, path::Path};

use slimcol_config::{Entry, Node, Section, Settings};
use slimcol_service::go_error;

use super::scrape::Scrape;
use crate::stars::{LARGEST, matching};

/// Keys whose values are files, and relative to the file that they stand in.
const PATHS: [&str; 9] = [
    "bearer_token_file",
    "ca_file",
    "cert_file",
    "client_secret_file",
    "credentials_file",
    "files",
    "key_file",
    "password_file",
    "username_file",
];

/// What stands in a file.
struct File(Vec<Scrape>);

impl Settings for File {
    fn read(from: &mut Section<'_>) -> Self {
        Self(from.list("scrape_configs"))
    }
}

/// The scrapes of all files that the patterns of the key name, each with its file.
pub(super) fn read(from: &mut Section<'_>, key: &'static str) -> Vec<(String, Scrape)> {
    let patterns: Vec<String> = from.get(key, Vec::new());
    let mut all = Vec::new();
    for pattern in &patterns {
        let stars = pattern.rsplit_once('/').is_some_and(|(folder, _)| folder.contains('*'));
        if stars {
            from.error(key, format!("invalid scrape config file path {pattern:?}"));
            continue;
        }
        for path in matching(pattern) {
            // As with a pattern, what is not there is none.
            if !path.exists() {
                continue;
            }
            let name = path.display().to_string();
            match scrapes(&path, &name) {
                Ok(scrapes) => all.extend(scrapes.into_iter().map(|scrape| (name.clone(), scrape))),
                Err(errors) => errors.into_iter().for_each(|error| {
                    from.error(key, format!("failed to get scrape configs: {error}"));
                }),
            }
        }
    }
    all
}

fn scrapes(path: &Path, name: &str) -> Result<Vec<Scrape>, Vec<String>> {
    let one = |error: String| vec![format!("{name:?}: {error}")];
    let facts = path.metadata().map_err(|error| one(go_error(&error)))?;
    if facts.len() > LARGEST {
        return Err(one("file too large".to_owned()));
    }
    let text = fs::read_to_string(path).map_err(|error| one(go_error(&error)))?;
    let shown = |issues: &[slimcol_config::Issue]| {
        let place = |issue: &slimcol_config::Issue| match &issue.place {
            Some(place) => place.to_string(),
            None => name.to_owned(),
        };
        issues.iter().map(|issue| format!("{:?}: {}", place(issue), issue.message)).collect::<Vec<_>>()
    };
    let node = slimcol_config::parse(name, &text).map_err(|error| shown(error.issues()))?;
    if node.is_null() {
        return Ok(Vec::new());
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    let File(scrapes) = slimcol_config::read(&within(&node, folder)).map_err(|issues| shown(&issues))?;
    Ok(scrapes)
}

/// The same with paths that lead from `folder`.
fn within(node: &Node, folder: &Path) -> Node {
    if let Some(items) = node.items() {
        return Node::list(items.iter().map(|item| within(item, folder)).collect(), node.place().clone());
    }
    if !node.is_map() {
        return node.clone();
    }
    let entry = |entry: &Entry| {
        let mut value = within(entry.value(), folder);
        if PATHS.contains(&entry.key()) {
            value.change_texts(&mut |text, _| {
                let moved = folder.join(text).display().to_string();
                (!text.is_empty()).then_some(moved)
            });
        }
        Entry::new(entry.key(), entry.place().clone(), value)
    };
    Node::map(node.entries().iter().map(entry).collect(), node.place().clone())
}
