//! Finding a component by what the manifest calls it, and saying what is wrong when there is none.

use slimcol_config::{Issue, nearest};

use super::{Declared, Index, Package, missing::Unresolved};
use crate::{class::Class, manifest::officials};

type Found<'i> = (&'i Declared, &'i Package);

/// The component that answers to `name` in a collector's configuration.
pub(super) fn by_name<'i>(class: Class, name: &str, index: &'i Index) -> Result<Found<'i>, Unresolved> {
    let found = |wanted: Class| {
        index.components().find(|(c, _)| c.class == wanted && c.keys().any(|key| key == name))
    };
    if let Some(found) = found(class) {
        return Ok(found);
    }
    let official =
        |wanted: Class| officials().find(|o| o.class == wanted && (o.name == name || o.alias == Some(name)));
    if let Some(official) = official(class) {
        return Err(Unresolved::Official(official.name.to_owned()));
    }
    let other = Class::ALL.into_iter().find(|&other| found(other).is_some() || official(other).is_some());
    if let Some(other) = other {
        return Err(wrong_class(name, other, class).into());
    }
    let issue = Issue::new(format!("unknown {class} `{name}`"));
    // What can be built is proposed before what only exists elsewhere.
    let ours = index.components().filter(|(c, _)| c.class == class).flat_map(|(c, _)| c.keys());
    if let Some(name) = nearest(name, ours) {
        return Err(issue.meant(Some(name)).into());
    }
    let theirs = officials().filter(|o| o.class == class).flat_map(|o| [Some(o.name), o.alias]).flatten();
    match nearest(name, theirs) {
        Some(name) => {
            Err(issue.help(format!("did you mean `{name}`? Slimcol does not have that yet")).into())
        }
        None => Err(issue.help(format!("there are {}", available(class, index))).into()),
    }
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
    let issue = Issue::new(format!("unknown Go module `{path}`"));
    if let Some(module) = nearest_module(path, ours.chain(theirs)) {
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
fn nearest_module<'a>(path: &str, modules: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let modules: Vec<&str> = modules.collect();
    let (parent, last) = path.rsplit_once('/')?;
    let parents = modules.iter().filter_map(|module| Some(module.rsplit_once('/')?.0));
    let parent = nearest(parent, parents)?;
    let siblings = modules.iter().filter_map(|module| module.rsplit_once('/').filter(|(p, _)| *p == parent));
    let last = nearest(last, siblings.map(|(_, last)| last))?;
    modules.into_iter().find(|module| *module == format!("{parent}/{last}"))
}

fn available(class: Class, index: &Index) -> String {
    let names = index.components().filter(|(c, _)| c.class == class).map(|(c, _)| format!("`{}`", c.name));
    names.collect::<Vec<_>>().join(", ")
}
