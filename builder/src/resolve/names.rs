//! Finding a component by what the manifest calls it, and saying what is wrong when there is none.

use slimcol_config::{Issue, nearest};

use super::{Declared, Index, Package, missing::Unresolved};
use crate::{class::Class, manifest::officials};

type Found<'i> = (&'i Declared, &'i Package);

/// The component that answers to `name` in a collector's configuration.
pub(super) fn by_name<'i>(class: Class, name: &str, index: &'i Index) -> Result<Found<'i>, Unresolved> {
    let found = |wanted: Class, name: &str| {
        index.components().find(|(c, _)| c.class == wanted && c.keys().any(|key| key == name))
    };
    if let Some(found) = found(class, name) {
        return Ok(found);
    }
    let official =
        |wanted: Class| officials().find(|o| o.class == wanted && (o.name == name || o.alias == Some(name)));
    if let Some(official) = official(class) {
        return Err(Unresolved::Official(official.name.to_owned()));
    }
    let other =
        Class::ALL.into_iter().find(|&other| found(other, name).is_some() || official(other).is_some());
    if let Some(other) = other {
        return Err(wrong_class(name, other, class).into());
    }
    let issue = Issue::new(format!("unknown {class} `{}`", shortened(name)));
    // What people write who know an id of a configuration, a Go package or a crate.
    let bare = bare(class, name);
    if bare != name && found(class, bare).is_some() {
        return Err(match name.split_once('/') {
            Some((kind, id)) if kind == bare => issue.help(format!(
                "`{kind}` is the component; `/{id}` names one of several in the collector's configuration"
            )),
            _ => issue.meant(Some(bare)),
        }
        .into());
    }
    // What can be built is proposed before what only exists elsewhere.
    let ours = || index.components().filter(|(c, _)| c.class == class).flat_map(|(c, _)| c.keys());
    let of_package = |package: &str| ours().find(|key| package == format!("{key}{class}"));
    let packages: Vec<String> = ours().map(|key| format!("{key}{class}")).collect();
    let package = || nearest(name, packages.iter().map(String::as_str)).and_then(of_package);
    if let Some(name) = nearest(bare, ours()).or_else(package) {
        return Err(issue.meant(Some(name)).into());
    }
    let theirs = officials().filter(|o| o.class == class).flat_map(|o| [Some(o.name), o.alias]).flatten();
    match nearest(bare, theirs) {
        Some(name) => {
            Err(issue.help(format!("did you mean `{name}`? Slimcol does not have that yet")).into())
        }
        None => Err(issue.help(format!("there are {}", available(class, index))).into()),
    }
}

/// A name without what it has besides in an id (`otlp/2`), as a Go package (`otlpreceiver`) or as a crate
/// (`slimcol-receiver-otlp`).
fn bare(class: Class, name: &str) -> &str {
    let name = name
        .strip_prefix("slimcol-")
        .and_then(|name| name.strip_prefix(class.as_str()))
        .map_or(name, |rest| rest.trim_start_matches('-'));
    let name = name.split_once('/').map_or(name, |(name, _)| name);
    let plain = name.strip_suffix(class.as_str()).unwrap_or(name);
    let plain = plain.trim_end_matches(['_', '-']);
    if plain.is_empty() { name } else { plain }
}

/// A name as far as it fits a message.
fn shortened(name: &str) -> String {
    const LONGEST: usize = 80;
    if name.chars().count() <= LONGEST {
        return name.to_owned();
    }
    name.chars().take(LONGEST).chain(['…']).collect()
}

/// The component that stands for the Go module `path`.
pub(super) fn by_module<'i>(class: Class, path: &str, index: &'i Index) -> Result<Found<'i>, Unresolved> {
    let same = |component: &Declared| component.gomod.as_deref() == Some(path);
    if let Some(found) = index.components().find(|(component, _)| same(component)) {
        let component = found.0;
        return if component.class == class {
            Ok(found)
        } else {
            Err(wrong_class(&component.name, component.class, class).into())
        };
    }
    if let Some(official) = officials().find(|official| official.gomod == path) {
        return Err(if official.class == class {
            Unresolved::Official(official.name.to_owned())
        } else {
            wrong_class(official.name, official.class, class).into()
        });
    }
    let ours = index.components().filter_map(|(component, _)| component.gomod.as_deref());
    let theirs = officials().map(|official| official.gomod);
    let issue = Issue::new(format!("unknown Go module `{}`", shortened(path)));
    let modules: Vec<&str> = ours.chain(theirs).collect();
    if let Some(module) = nearest_module(path, &modules).or_else(|| same_package(path, &modules)) {
        return Err(issue.meant(Some(module)).into());
    }
    let help = "Go code cannot be linked; a Rust component is named with `crate:`, and --skip-missing leaves this out";
    Err(Unresolved::Foreign(path.to_owned(), issue.help(help)))
}

/// Slimcol's own crate `name`.
pub(super) fn by_package<'i>(class: Class, name: &str, index: &'i Index) -> Result<Found<'i>, Issue> {
    match index.components().find(|(_, package)| package.name == name) {
        Some(found) if found.0.class == class => Ok(found),
        Some((component, _)) => Err(wrong_class(&component.name, component.class, class)),
        None => {
            let issue = Issue::new(format!("crate `{name}` is not one of Slimcol's own"));
            Err(match nearest(name, index.components().map(|(_, package)| &*package.name)) {
                Some(name) => {
                    issue.help(format!("did you mean `{name}`? If not, add `path:`, `git:` or `version:`"))
                }
                None => issue.help("say where it comes from with `path:`, `git:` or `version:`"),
            })
        }
    }
}

/// A component in the wrong section.
pub(super) fn wrong_class(name: &str, is: Class, listed: Class) -> Issue {
    Issue::new(format!("`{name}` is {}, not {}", is.with_article(), listed.with_article()))
        .help(format!("move it under `{}`", is.section()))
}

/// Module paths share most of their letters, so the last part is what is compared, among those with the nearest rest.
fn nearest_module<'a>(path: &str, modules: &[&'a str]) -> Option<&'a str> {
    let (parent, last) = path.rsplit_once('/')?;
    let parents = modules.iter().filter_map(|module| Some(module.rsplit_once('/')?.0));
    let parent = nearest(parent, parents)?;
    let siblings = modules.iter().filter_map(|module| module.rsplit_once('/').filter(|(p, _)| *p == parent));
    let last = nearest(last, siblings.map(|(_, last)| last))?;
    modules.iter().copied().find(|module| *module == format!("{parent}/{last}"))
}

/// The module that ends as `path` does, be it in another folder or with a major version behind it.
fn same_package<'a>(path: &str, modules: &[&'a str]) -> Option<&'a str> {
    let is_major = |part: &str| part.strip_prefix('v').is_some_and(|rest| rest.parse::<u32>().is_ok());
    let last = path.rsplit('/').find(|part| !is_major(part))?;
    modules.iter().copied().find(|module| module.rsplit('/').next() == Some(last))
}

fn available(class: Class, index: &Index) -> String {
    let names = index.components().filter(|(c, _)| c.class == class).map(|(c, _)| format!("`{}`", c.name));
    names.collect::<Vec<_>>().join(", ")
}
