//! What `replaces` and `excludes` demand of the crates that cargo chose: only it knows which they are.

use std::{fs, path::Path};

use cargo_metadata::semver::Version;
use slimcol_config::Issue;
use toml_edit::{DocumentMut, Item};

use crate::{
    error::{Doing as _, Error},
    graph::Graph,
    manifest::{Exclusion, Origin, Replacement},
    resolve::Plan,
};

/// A crate of a lock file: its version and where it is from.
struct Locked {
    version: String,
    source: Option<String>,
}

/// Refuses the workspace in `folder`, which is settled, if what was to stand in for a crate does not, or if what was
/// excluded is linked for one of `targets`.
pub(super) fn check(plan: &Plan, folder: &Path, targets: &[String]) -> Result<(), Error> {
    let mut issues = Vec::new();
    for replacement in &plan.replaced {
        issues.extend(replaced(replacement, &locked(folder, &replacement.name)?).err());
    }
    if !plan.excluded.is_empty() {
        for target in targets {
            let graph = Graph::read(folder, target, plan)?;
            let found = plan.excluded.iter().filter_map(|exclusion| excluded(exclusion, &graph, plan));
            for issue in found.collect::<Vec<_>>() {
                if !issues.iter().any(|other| other.message == issue.message) {
                    issues.push(issue);
                }
            }
        }
    }
    if issues.is_empty() { Ok(()) } else { Err(Error::Manifest(issues)) }
}

/// The crates called `name` in the workspace's lock file.
fn locked(folder: &Path, name: &str) -> Result<Vec<Locked>, Error> {
    let file = folder.join("Cargo.lock");
    let text = fs::read_to_string(&file).doing("read", &file)?;
    let toml: DocumentMut =
        text.parse().map_err(|e| Error::Resolve(format!("`{}` is not TOML: {e}", file.display())))?;
    let packages = toml.get("package").and_then(Item::as_array_of_tables).into_iter().flatten();
    let found = packages.filter_map(|package| {
        let text = |key: &str| package.get(key).and_then(Item::as_str).map(str::to_owned);
        (text("name")? == name).then(|| Some(Locked { version: text("version")?, source: text("source") }))?
    });
    Ok(found.collect())
}

/// Whether what was to stand in does.
fn replaced(replacement: &Replacement, locked: &[Locked]) -> Result<(), Issue> {
    let Replacement { name, requirement, by, place } = replacement;
    let stands_in = |it: &&Locked| match by {
        Origin::Path(_) | Origin::Own => it.source.is_none(),
        Origin::Git { .. } => it.source.as_deref().is_some_and(|source| source.starts_with("git+")),
        Origin::Registry { requirement, .. } => *requirement == format!("={}", it.version),
    };
    let issue = |message: String| Issue::new(message).at(place.clone());
    let Some(it) = locked.iter().find(stands_in) else {
        let versions: Vec<&str> = locked.iter().map(|it| it.version.as_str()).collect();
        return Err(if versions.is_empty() {
            issue(format!("nothing in this collector needs `{name}`")).help("delete this line")
        } else {
            let what = format!(
                "this collector has `{name}` {}, and nothing stood in for that",
                versions.join(" and ")
            );
            issue(what).help("cargo takes a compatible version only")
        });
    };
    match (requirement, Version::parse(&it.version)) {
        (Some(requirement), Ok(version)) if !requirement.matches(&version) => Err(issue(format!(
            "what stands in for `{name}` is its version {version}, and that is not one of those meant"
        ))),
        _ => Ok(()),
    }
}

/// The issue if an excluded crate is linked, with the way that it came.
fn excluded(exclusion: &Exclusion, graph: &Graph, plan: &Plan) -> Option<Issue> {
    let Exclusion { name, requirement, place } = exclusion;
    let position = graph.packages.iter().position(|package| {
        let version = Version::parse(&package.version);
        let is_meant =
            requirement.as_ref().is_none_or(|it| version.is_ok_and(|version| it.matches(&version)));
        package.name == *name && is_meant
    })?;
    let path = graph.path(0, position, |_| true).unwrap_or_default();
    // The first is the collector itself.
    let way: Vec<&str> = path.iter().skip(1).map(|at| graph.packages[*at].name.as_str()).collect();
    let found = &graph.packages[position];
    let message = match way[..] {
        [] | [_] => format!("`{name}` {} is excluded, and this collector is made of it", found.version),
        _ => format!("`{name}` {} is excluded, and comes in through {}", found.version, way.join(" → ")),
    };
    let component =
        path.iter().find_map(|at| graph.packages[*at].component).and_then(|at| plan.components.get(at));
    let help = component.map_or_else(
        || "every collector has it".to_owned(),
        |planned| {
            format!(
                "do without {} `{}`, or without this line",
                planned.component.class, planned.component.name
            )
        },
    );
    Some(Issue::new(message).at(place.clone()).help(help))
}
