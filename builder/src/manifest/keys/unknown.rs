//! Keys that a mapping does not have, and what was likely meant.

use slimcol_config::{Entry, Issue, nearest};

use super::listed;
use crate::{
    class::Class,
    manifest::schema::{self, Owner},
};

/// Keys that ocb once had, with what became of them.
const REMOVED: [(&str, &str); 2] = [
    ("otelcol_version", "ocb removed it; versions stand with the components, so delete this line"),
    ("include_core", "ocb removed it; name the components that you want, and delete this line"),
];

/// The issue for a key that the mapping called `path` does not have.
pub(super) fn key(entry: &Entry, path: &str) -> Issue {
    let key = entry.key();
    let inside = match path {
        "" => String::new(),
        schema::MODULE | schema::CRATE => " in this entry".to_owned(),
        path => format!(" in `{path}`"),
    };
    let issue = Issue::new(format!("unknown key `{key}`{inside}")).at(entry.place().clone());
    if let Some((_, help)) = REMOVED.into_iter().find(|(removed, _)| removed.eq_ignore_ascii_case(key)) {
        return issue.help(help);
    }
    if let Some(help) = elsewhere(entry, path) {
        return issue.help(help);
    }
    match nearest(key, schema::keys_of(path).map(|key| key.name)) {
        Some(name) => issue.meant(Some(name)),
        None => issue.help(format!("known are {}", listed(useful(path)))),
    }
}

/// Where a key belongs that is right in another mapping.
fn elsewhere(entry: &Entry, path: &str) -> Option<String> {
    let key = entry.key();
    match path {
        "" if schema::find("dist", key).is_some() => Some("it belongs below `dist`".to_owned()),
        "dist" if schema::find("", key).is_some() => {
            Some("it belongs at the left margin, beside `dist`".to_owned())
        }
        schema::MODULE if schema::find(schema::CRATE, key).is_none() => {
            if let Some(name) = nearest(key, schema::keys_of(schema::CRATE).map(|key| key.name)) {
                return Some(format!("did you mean `{name}`?"));
            }
            let settings = entry.value().is_map() || entry.value().is_null();
            settings.then(|| format!("write `- {key}`: settings stand in the collector's configuration"))
        }
        schema::CRATE if schema::find(schema::MODULE, key).is_some() => {
            Some("an entry has `gomod` or `crate`, not both".to_owned())
        }
        "" if Class::from_word(key).is_some() => Some(format!("did you mean `{key}s`?")),
        _ => None,
    }
}

/// The keys that are worth proposing: those that do something, if any does.
pub(super) fn useful(path: &str) -> Vec<&'static str> {
    let does = |key: &&schema::Key| matches!(key.owner, Owner::Ocb | Owner::Slimcol);
    let some = schema::keys_of(path).any(|key| does(&key));
    schema::keys_of(path).filter(|key| !some || does(key)).map(|key| key.name).collect()
}
