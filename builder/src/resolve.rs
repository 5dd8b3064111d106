//! From what the manifest says to what is built: every entry becomes a crate in a folder.

mod cargo_toml;
mod declared;
mod factory;
mod fetch;
mod framework;
mod index;
mod missing;
mod names;
mod replaced;

use std::path::Path;

use slimcol_config::{Issue, Place};

use self::fetch::{Fetched, Fetching};
use self::missing::{Missing, Unresolved};
pub(crate) use self::{index::Index, missing::IfMissing};
use crate::{
    error::Error,
    lockfile::{Distribution, Pin},
    manifest::{
        Crate, Dist, Entry, Exclusion, Feature, Findings, Lto, Manifest, Origin, Panic, Replacement, Wanted,
    },
    source::SourceTree,
    vendor::Vendored,
};
pub(crate) use declared::{Declared, Package};
pub(crate) use framework::wanted as requirement;

/// What is built, with nothing left to look up.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// The binary's name.
    pub(crate) name: String,
    /// The distribution's version.
    pub(crate) version: String,
    /// The distribution's description.
    pub(crate) description: String,
    /// Whether symbols stay in the binary.
    pub(crate) debug: bool,
    /// What a panic in the collector does.
    pub(crate) panic: Panic,
    /// How much is optimised across crates.
    pub(crate) lto: Lto,
    /// The components, by class, and in the manifest's order within one.
    pub(crate) components: Vec<Planned>,
    /// The crates of components' dependencies that others stand in for.
    pub(crate) replaced: Vec<Replacement>,
    /// The crates that must not be linked.
    pub(crate) excluded: Vec<Exclusion>,
    /// The configuration that goes into the binary.
    pub(crate) embedded: Option<String>,
}

/// A component that is linked.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    /// What the crate says of itself.
    pub(crate) component: Declared,
    /// The crate.
    pub(crate) package: Package,
    /// Features to turn on.
    pub(crate) features: Vec<String>,
    /// Whether its default features are on.
    pub(crate) default_features: bool,
    /// Where it came from, for people (`crates.io 1.2`); `None` for Slimcol's own.
    pub(crate) origin: Option<String>,
    /// What exactly it is, if it had to be fetched.
    pub(crate) pin: Option<Pin>,
}

/// What resolving may do and must insist on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms<'a> {
    /// Whether anything may be fetched.
    pub(crate) network: bool,
    /// Whether a crate that was written for another version of the framework is an error rather than a note.
    pub(crate) strict: bool,
    /// What is done about components that Slimcol does not have.
    pub(crate) if_missing: IfMissing,
    /// What the manifest was last built from, which is taken again.
    pub(crate) locked: Option<&'a Distribution>,
    /// The folder that everything is taken from, if there is one.
    pub(crate) vendored: Option<&'a Vendored>,
}

/// Resolves everything that `manifest` wants. What the manifest is to blame for is among the findings; the error is for
/// what could not be fetched.
pub(crate) fn plan(
    manifest: &Manifest,
    index: &Index,
    source: &SourceTree,
    terms: Terms<'_>,
    findings: &mut Findings,
) -> Result<Plan, Error> {
    let mut absent: Vec<Missing> = Vec::new();
    let mut chosen: Vec<(usize, Planned, Place)> = Vec::new();
    let entries = replaced::entries(manifest, findings);
    let mut entries: Vec<_> = entries.iter().enumerate().collect();
    // What has to be fetched comes last: with an issue anywhere else it need not be fetched at all.
    entries.sort_by_key(|(_, entry)| entry.wanted.is_remote());
    for (position, entry) in entries {
        let if_missing = terms.if_missing;
        let refused = findings.has_issues() || if_missing == IfMissing::Refuse && !absent.is_empty();
        if entry.wanted.is_remote() && refused {
            break;
        }
        let fetching = Fetching { index, source, terms, base: &manifest.base };
        let resolved = Resolving { index, fetching, terms, findings }.entry(entry)?;
        let planned = match resolved {
            Ok(planned) => planned,
            Err(Unresolved::Wrong(issue)) => {
                findings.issue(issue.at(entry.place.clone()));
                continue;
            }
            Err(Unresolved::Foreign(_, issue)) if if_missing == IfMissing::Refuse => {
                findings.issue(issue.at(entry.place.clone()));
                continue;
            }
            Err(Unresolved::Official(name) | Unresolved::Foreign(name, _)) => {
                absent.push(Missing { class: entry.class, name, place: entry.place.clone() });
                continue;
            }
        };
        if let Err(issue) = replaced::check(&planned, manifest) {
            findings.issue(issue);
        }
        match chosen.iter().find(|(_, other, _)| collide(other, &planned)) {
            Some((_, other, first)) => findings.issue(duplicate(&planned, other, first, entry)),
            None => chosen.push((position, planned, entry.place.clone())),
        }
    }
    missing::report(&absent, manifest, terms.if_missing, findings);
    chosen.sort_by_key(|(position, planned, _)| (planned.component.class, *position));
    let components = chosen.into_iter().map(|(_, planned, _)| planned).collect();
    let replaced = replaced::dependencies(manifest, index, findings);
    let Dist { name, version, description, debug, panic, lto, .. } = &manifest.dist;
    Ok(Plan {
        name: name.clone(),
        version: version.clone(),
        description: description.clone(),
        debug: *debug,
        panic: *panic,
        lto: *lto,
        components,
        embedded: None,
        replaced,
        excluded: manifest.directives.exclusions.clone(),
    })
}

/// What an entry is resolved with.
struct Resolving<'a> {
    index: &'a Index,
    fetching: Fetching<'a>,
    terms: Terms<'a>,
    findings: &'a mut Findings,
}

impl Resolving<'_> {
    /// The component that an entry wants. The outer error is for what could not be fetched, the inner for what is wrong
    /// with the entry.
    fn entry(&mut self, entry: &Entry) -> Result<Result<Planned, Unresolved>, Error> {
        let (class, index) = (entry.class, self.index);
        Ok(match &entry.wanted {
            Wanted::Named(name) => names::by_name(class, name, index).map(Planned::own),
            Wanted::Module { gomod, path: None } => {
                names::by_module(class, &gomod.path, index).map(Planned::own)
            }
            Wanted::Module { gomod, path: Some(dir) } => {
                let found = self.in_folder(entry, None, dir).map_err(|issue| match issue.help {
                    Some(_) => issue,
                    None => issue.help(format!(
                        "`{}` must be a Rust crate here: Go code cannot be linked",
                        gomod.path
                    )),
                });
                found.map_err(Unresolved::Wrong)
            }
            Wanted::Crate(wanted) => {
                let Crate { name, origin, features, default_features } = wanted;
                let found = match origin {
                    Origin::Own => names::by_package(class, name, index).map(Planned::own),
                    Origin::Path(dir) => self.in_folder(entry, Some(name), dir),
                    origin => {
                        let Fetched { dir, pin } = self.fetching.fetch(name, origin)?;
                        let origin = Some(fetch::described(origin));
                        self.in_folder(entry, Some(name), &dir).map(|planned| Planned {
                            origin,
                            pin: Some(pin),
                            ..planned
                        })
                    }
                };
                found
                    .map(|planned| self.with_features(planned, features, *default_features))
                    .map_err(Unresolved::Wrong)
            }
        })
    }

    /// The component in the crate at `dir`, checked as far as that is possible without compiling.
    fn in_folder(&mut self, entry: &Entry, name: Option<&str>, dir: &Path) -> Result<Planned, Issue> {
        let in_crate = |issue| seen_from(entry, issue);
        let package = Package::read(dir).map_err(in_crate)?;
        if let Some(name) = name.filter(|name| *name != package.name) {
            return Err(Issue::new(format!(
                "the crate in `{}` is `{}`, not `{name}`",
                dir.display(),
                package.name
            ))
            .meant(Some(&package.name)));
        }
        // Wherever a crate of that name is asked for, ours is meant.
        if self.index.package(&package.name).is_some_and(|ours| ours.dir != package.dir) {
            return Err(Issue::new(format!("`{}` is the name of a crate of Slimcol's own", package.name))
                .help("give the crate another name"));
        }
        let component = package.component().map_err(Issue::new)?;
        if component.class != entry.class {
            return Err(names::wrong_class(&component.name, component.class, entry.class));
        }
        factory::check(&package, component.class).map_err(in_crate)?;
        self.compare_framework(entry, dir, &package)?;
        let origin = Some("a folder".to_owned());
        Ok(Planned { component, package, features: Vec::new(), default_features: true, origin, pin: None })
    }

    /// Refuses a crate that was written for another version of the framework, or says so.
    fn compare_framework(&mut self, entry: &Entry, dir: &Path, package: &Package) -> Result<(), Issue> {
        if self.index.package(&package.name).is_some() {
            return Ok(());
        }
        let comparison = framework::compare(dir, self.index);
        let mut mismatches = comparison.mismatches;
        if entry.wanted.is_remote() {
            // Nobody mends a file that was fetched.
            for issue in &mut mismatches {
                issue.help = Some("another version of the crate is needed".to_owned());
            }
        }
        if self.terms.strict && !mismatches.is_empty() {
            // One entry, one issue: what comes after the first stands below it with its place.
            let mut issue = seen_from(entry, mismatches.remove(0));
            issue.also.extend(mismatches.into_iter().filter_map(|other| Some((other.place?, other.help))));
            return Err(issue.help("--skip-strict-versioning tries it as it is"));
        }
        for note in mismatches.into_iter().chain(comparison.silent) {
            self.findings.note(note);
        }
        Ok(())
    }

    /// The component with features of its crate turned on, which must be there.
    fn with_features(&mut self, planned: Planned, features: &[Feature], default_features: bool) -> Planned {
        for Feature { name, place } in features {
            if let Err(issue) = planned.package.check_feature(name) {
                self.findings.issue(issue.at(place.clone()));
            }
        }
        let features = features.iter().map(|feature| feature.name.clone()).collect();
        Planned { features, default_features, ..planned }
    }
}

/// An issue in a crate's files as one of the entry that brings the crate: the place in the crate comes second.
fn seen_from(entry: &Entry, mut issue: Issue) -> Issue {
    if let Some(place) = issue.place.replace(entry.place.clone()) {
        issue.also.insert(0, (place, issue.help.take()));
    }
    issue
}

impl Planned {
    /// A component of Slimcol's own.
    fn own((component, package): (&Declared, &Package)) -> Self {
        Self {
            component: component.clone(),
            package: package.clone(),
            features: Vec::new(),
            default_features: true,
            origin: None,
            pin: None,
        }
    }
}

/// Whether two components cannot be in one binary: the collector could not tell which a key means, or cargo could not
/// tell the crates apart.
fn collide(a: &Planned, b: &Planned) -> bool {
    let same_class = a.component.class == b.component.class;
    same_class && a.component.keys().any(|key| b.component.keys().any(|other| other == key))
        || a.package.library_name == b.package.library_name
}

fn duplicate(planned: &Planned, other: &Planned, first: &Place, entry: &Entry) -> Issue {
    let name = &planned.component.name;
    let message = if planned.package.name == other.package.name {
        format!("duplicate {} `{name}`", entry.class)
    } else if planned.package.library_name == other.package.library_name {
        let [this, that] = [planned, other].map(|one| &one.package.name);
        format!("crates `{this}` and `{that}` are both `{}` to Rust code", planned.package.library_name)
    } else {
        format!(
            "{} `{name}` of `{}` and `{}` of `{}` answer to the same key",
            entry.class, planned.package.name, other.component.name, other.package.name
        )
    };
    let help = if (first.source(), first.line(), first.column())
        == (entry.place.source(), entry.place.line(), entry.place.column())
    {
        "an alias of YAML's repeats it: delete the alias".to_owned()
    } else {
        format!("it is already on line {}: delete one of the two", first.line())
    };
    Issue::new(message).at(entry.place.clone()).help(help)
}
